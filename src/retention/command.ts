import { retentionPolicies } from './policies';
import type { RetentionReport, RetentionService } from './retention.service';

/** `rollcall retention [--dry-run]`: a line for each policy; not `ok` when one failed, or when retention runs elsewhere. */
export async function runRetention(
  retention: Pick<RetentionService, 'runNow' | 'preview'>,
  isDryRun: boolean,
): Promise<{ readonly ok: boolean; readonly text: string }> {
  const reports = isDryRun ? await retention.preview() : await retention.runNow();
  if (!reports) return { ok: false, text: 'Retention is running in another process. Nothing was done here.\n' };
  const lines = reports.map((report) => `${report.policy}: ${outcomeOf(report, isDryRun)}\n`);
  return { ok: reports.every(({ error }) => error === undefined), text: lines.join('') };
}

function outcomeOf({ policy, deleted, error }: RetentionReport, isDryRun: boolean): string {
  if (isDryRun) return `${deleted} rows would be deleted`;
  const deletes = retentionPolicies.some(({ name, count }) => name === policy && count !== undefined);
  const done = deletes ? `${deleted} rows deleted` : `${deleted} made`;
  return error === undefined ? done : `${done}, then it failed: ${error}`;
}

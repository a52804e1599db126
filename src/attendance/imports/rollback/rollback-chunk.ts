import { statement } from '../../../database/statement';
import type { Transaction } from '../../../database/transaction';
import { reinstateReplaced } from './replaced-punches';

const voidPunches = statement(
  'imports.roll_back',
  `WITH gone AS (
     UPDATE punches p SET status = 'void', reason = 'The import was rolled back', version = version + 1
      WHERE p.tenant_id = $1 AND p.import_batch_id = $2 AND p.import_line >= $3::bigint AND p.import_line < $4::bigint
        AND p.status IN ('active', 'quarantined', 'accepted') RETURNING 1)
   SELECT count(*)::int AS n FROM gone`,
);
const nextLine = statement(
  'imports.roll_back_next',
  `SELECT (SELECT p.import_line FROM punches p WHERE p.tenant_id = $1 AND p.import_batch_id = $2 AND p.import_line >= $3::bigint
     AND p.import_line < $5::bigint ORDER BY p.import_line OFFSET $4 LIMIT 1)::text AS line`,
);
const edge = (
  direction: 'ASC' | 'DESC',
) => `(SELECT p.import_line FROM punches p WHERE p.tenant_id = $1 AND p.import_batch_id = $2
     ORDER BY p.import_line ${direction} LIMIT 1)`;
const middle = statement('imports.middle', `SELECT ((${edge('ASC')} + ${edge('DESC')}) / 2)::text AS line`);

/** Above every line number. */
export const BEYOND = '9223372036854775807';

/** The line halfway down a batch. */
export async function middleOf(tx: Transaction, batchId: string): Promise<string> {
  return (await tx.row<{ line: string | null }>(middle, [tx.tenantId, batchId]))?.line ?? '0';
}

/**
 * Voids the punches of a batch from one line up to another, about `size` of them, and reinstates those that they replaced. Answers the
 * line at which the next chunk begins, or undefined after the last one. Doing it twice changes nothing, so an interrupted job starts over.
 */
export async function rollBackChunk(
  tx: Transaction,
  batchId: string,
  { from, until = BEYOND }: { readonly from: string; readonly until?: string },
  size: number,
): Promise<string | undefined> {
  const next = await tx.row<{ line: string | null }>(nextLine, [tx.tenantId, batchId, from, size, until]);
  const line = next?.line ?? undefined;
  tx.row(voidPunches, [tx.tenantId, batchId, from, line ?? until]).catch(() => undefined);
  reinstateReplaced(tx, batchId, from, line ?? until);
  await tx.flush();
  return line;
}

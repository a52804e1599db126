import type { Ledger } from '../../../audit/ledger/ledger';
import { statement } from '../../../database/statement';
import type { Transaction } from '../../../database/transaction';
import { auditJob, type LeasedJob } from '../../../jobs/leased-worker';
import type { BatchesRepository } from '../batches/batches.repository';
import { countsOf } from '../batches/import-batch';

const asyncCommit = statement('imports.async_commit', "SELECT set_config('synchronous_commit', 'off', true)");

/**
 * The commit does not wait for the disk, and so punches of the same moment do not wait behind it. A chunk that a crash of the database
 * loses is done again, because its progress is lost with it. The transaction that ends the batch waits for all of them.
 */
export function useAsyncCommit(tx: Transaction): void {
  tx.run(asyncCommit).catch(() => undefined);
}

/** In which state a batch is before a worker ends it. */
const before = { completed: 'running', failed: 'running', rolled_back: 'rolling_back' } as const;

/** Ends a batch that nobody waits for, with evidence; false when it is no longer ours. */
export async function endBatch(
  { batches, ledger, tx }: { readonly batches: BatchesRepository; readonly ledger: Ledger; readonly tx: Transaction },
  { id, token }: LeasedJob,
  to: keyof typeof before,
  error?: string,
): Promise<boolean> {
  const isOurs = await batches.updateStatus(tx, id, to, [before[to]], {
    token,
    ...(error === undefined ? {} : { error }),
  });
  const ended = isOurs ? await batches.find(tx, id) : undefined;
  if (!ended) return false;
  const result = to === 'completed' ? { counts: countsOf(ended) } : error === undefined ? {} : { error };
  auditJob(ledger, tx, { worker: 'import-worker', entity: 'import_batch' }, ended, { status: to, ...result });
  return true;
}

import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { restoreLines } from './restore';

const undo = statement(
  'imports.undo',
  `WITH gone AS (
     UPDATE punches p SET status = 'void', reason = 'The import was rolled back', version = version + 1
      WHERE p.tenant_id = $1 AND p.import_batch_id = $2 AND p.import_line >= $3::bigint AND p.import_line < $4::bigint
        AND p.status IN ('active', 'quarantined', 'accepted') RETURNING 1)
   SELECT count(*)::int AS n FROM gone`,
);
const nextLine = statement(
  'imports.undo_next',
  `SELECT (SELECT p.import_line FROM punches p WHERE p.tenant_id = $1 AND p.import_batch_id = $2 AND p.import_line >= $3::bigint
     ORDER BY p.import_line OFFSET $4 LIMIT 1)::text AS line`,
);

/** No line of a file is this far down. */
const BEYOND = '9223372036854775807';

/**
 * Makes void what a batch recorded from a line on, about `size` punches, and brings back what it replaced; answers the line at which the next chunk begins, or undefined
 * when there is none. Doing it twice changes nothing, so a job that was cut off begins again.
 */
export async function undoChunk(
  tx: Transaction,
  batchId: string,
  from: string,
  size: number,
): Promise<string | undefined> {
  const next = await tx.row<{ line: string | null }>(nextLine, [tx.tenantId, batchId, from, size]);
  const until = next?.line ?? undefined;
  tx.row(undo, [tx.tenantId, batchId, from, until ?? BEYOND]).catch(() => undefined);
  restoreLines(tx, batchId, from, until ?? BEYOND);
  await tx.settled();
  return until;
}

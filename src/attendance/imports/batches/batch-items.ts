import { statement } from '../../../database/statement';
import type { Transaction } from '../../../database/transaction';

/** A punch that a batch recorded, and the line of the file that it came from. */
interface BatchItem extends Record<string, unknown> {
  readonly line: number;
  readonly punchId: string;
  readonly employeeId: string;
  readonly type: string;
  readonly at: Date;
  readonly status: string;
}

const items = statement(
  'imports.items',
  `SELECT p.import_line::int AS line, p.id AS "punchId", p.employee_id AS "employeeId", p.type, p.occurred_at AS at, p.status FROM punches p
   WHERE p.tenant_id = $1 AND p.import_batch_id = $2 AND p.import_line >= $3::bigint AND (p.import_line, p.id) > ($3::bigint, $4::uuid)
   ORDER BY p.tenant_id, p.import_batch_id, p.import_line, p.id LIMIT $5`,
);

/** Where the first page begins. */
export const FIRST_ITEM: readonly [line: number, punchId: string] = [0, '00000000-0000-0000-0000-000000000000'];

/** The punches of a batch in the order of its file, from behind a place. */
export function itemsOf(
  tx: Transaction,
  batchId: string,
  [line, punchId]: readonly [line: number, punchId: string],
  limit: number,
): Promise<BatchItem[]> {
  return tx.rows<BatchItem>(items, [tx.tenantId, batchId, line, punchId, limit]);
}

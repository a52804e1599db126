import { acrossTenants, statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { parseDate, type DayNumber } from '../rules/time/calendar';

/** A person whose days must be computed again: the dates near a change, and the marks of it. */
export interface MarkedPerson {
  readonly employeeId: string;
  readonly from: DayNumber;
  readonly to: DayNumber;
  readonly marks: readonly string[];
}

interface MarkedRow extends Record<string, unknown> {
  employee_id: string;
  from_day: string;
  to_day: string;
  marks: string;
  seen: number;
}

/** People whose days must be computed, and whether the queue has more marks than were read. */
interface ClaimedMarks {
  readonly marked: readonly MarkedPerson[];
  readonly isBehind: boolean;
}

/**
 * How many of the oldest marks one call reads. It reads more when the queue is long: after an import, the marks of a person lie all over
 * the queue, and the person is computed once for all marks that are read together.
 */
const WINDOW = 5_000;
const WIDE_WINDOW = 200_000;

// The lock is on the employee, not on the row, and ends with the transaction, also behind a pooler. A mark that is made while we compute is
// a row that we have not read, and so do not delete.
const take = statement(
  'days.take_marked',
  `WITH queue AS MATERIALIZED (
     SELECT d.seq, d.employee_id, d.day FROM dirty_days d WHERE d.tenant_id = $1 ORDER BY d.seq LIMIT $4),
   oldest AS MATERIALIZED (
     SELECT q.employee_id, min(q.seq) AS first FROM queue q WHERE q.employee_id <> ALL ($3::uuid[])
      GROUP BY q.employee_id ORDER BY first LIMIT $2),
   mine AS MATERIALIZED (
     SELECT o.employee_id FROM oldest o WHERE pg_try_advisory_xact_lock(hashtextextended('days of ' || o.employee_id::text, 0)))
   SELECT q.employee_id, min(q.day)::text AS from_day, max(q.day)::text AS to_day, string_agg(q.seq::text, ',') AS marks,
     (SELECT count(*)::int FROM queue) AS seen
   FROM queue q JOIN mine m ON m.employee_id = q.employee_id GROUP BY q.employee_id`,
);
const forget = statement(
  'days.forget_marks',
  'DELETE FROM dirty_days WHERE tenant_id = $1 AND seq = ANY ($2::bigint[])',
);
const waiting = acrossTenants(
  'days.waiting_tenants',
  'SELECT tenant_id, extract(epoch FROM now() - waiting_since)::float8 AS seconds FROM waiting_tenants()',
);
const due = statement('days.mark_due', 'SELECT mark_due_days($1::integer) AS n');

/** Up to `limit` people with the oldest marks, each locked for this transaction. People whom another process computes are skipped. */
export async function claimMarked(
  tx: Transaction,
  limit: number,
  { without = [], wasBehind = false }: { readonly without?: readonly string[]; readonly wasBehind?: boolean } = {},
): Promise<ClaimedMarks> {
  const window = wasBehind ? WIDE_WINDOW : WINDOW;
  const rows = await tx.rows<MarkedRow>(take, [tx.tenantId, limit, without, window]);
  const marked = rows.map((row) => ({
    employeeId: row.employee_id,
    from: parseDate(row.from_day),
    to: parseDate(row.to_day),
    marks: row.marks.split(','),
  }));
  return { marked, isBehind: (rows[0]?.seen ?? 0) >= WINDOW };
}

/** Takes away the marks that were seen; sent, not awaited. */
export function deleteMarks(tx: Transaction, marked: readonly MarkedPerson[]): void {
  tx.run(forget, [tx.tenantId, marked.flatMap(({ marks }) => marks)]).catch(() => undefined);
}

/** The tenants with marks, and for how many seconds the oldest has been waiting. Asked across tenants. */
export function waitingTenants(tx: Transaction): Promise<{ tenant_id: string; seconds: number }[]> {
  return tx.rows(waiting);
}

/** Marks the days that time alone has changed, of all tenants, at most `batch` of each kind; answers how many. */
export async function markDueDays(tx: Transaction, batch: number): Promise<number> {
  return (await tx.row<{ n: number }>(due, [batch]))?.n ?? 0;
}

import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import type { DayNumber } from '../rules/time/calendar';

/** Whether a date lies in a closed pay period. */
export type IsClosed = (day: DayNumber) => boolean;

const lockShared = statement('periods.lock_shared', 'SELECT pg_advisory_xact_lock_shared(period_lock_key($1))');
const closedBetween = statement(
  'periods.closed_between',
  `SELECT p.start_date - date '1970-01-01' AS start, p.end_date - date '1970-01-01' AS "end" FROM pay_periods p
   WHERE p.tenant_id = $1 AND p.status = 'closed' AND p.end_date >= $2::date AND p.start_date <= $3::date`,
);

/**
 * Nobody closes or reopens a pay period of the tenant between here and the end of the transaction; see refuse_closed_days() in the
 * migrations. A statement of its own, sent before whatever looks at periods: within one statement the look would come before the wait.
 */
export function lockPeriodsShared(tx: Transaction): void {
  tx.run(lockShared, [tx.tenantId]).catch(() => undefined);
}

/** Which of the dates `from` to `to`, both included, are closed; the others stay open until the end of the transaction. */
export async function closedDays(tx: Transaction, from = '-infinity', to = 'infinity'): Promise<IsClosed> {
  lockPeriodsShared(tx);
  const closed = await tx.rows<{ start: DayNumber; end: DayNumber }>(closedBetween, [tx.tenantId, from, to]);
  return (day) => closed.some(({ start, end }) => day >= start && day <= end);
}

/** The condition that a date lies in a closed pay period; `tenant` and `date` are expressions of the statement around it. */
export const inClosedPeriod = (tenant: string, date: string) =>
  `EXISTS (SELECT FROM pay_periods p WHERE p.tenant_id = ${tenant} AND p.status = 'closed' AND ${date} BETWEEN p.start_date AND p.end_date)`;

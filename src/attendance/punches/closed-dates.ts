import { periodClosed } from '../../database/failures';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { Problem } from '../../http/problems/problem';
import { formatDate } from '../rules/time/calendar';
import { lockPeriodsShared } from '../closed-periods/closed-periods';
import { findEmployees } from '../people/employee';

// A local date is at most one day away from the date in UTC.
const near = statement(
  'punches.closed_near',
  `SELECT DISTINCT p.start_date::text AS "from", p.end_date::text AS "to"
   FROM unnest($2::timestamptz[]) i (at) JOIN pay_periods p ON p.tenant_id = $1 AND p.status = 'closed'
     AND p.end_date >= (i.at AT TIME ZONE 'UTC')::date - 1 AND p.start_date <= (i.at AT TIME ZONE 'UTC')::date + 1`,
);

/**
 * Refuses when one of the instants lies in a closed pay period by the clock of the person, and sees to it that none is closed
 * before the transaction ends. `pointer` names the field that said the instant, where one did. Call it with the person locked.
 */
export async function refuseClosedDates(
  tx: Transaction,
  employeeId: string,
  instants: readonly { readonly at: Date; readonly pointer?: string }[],
): Promise<void> {
  const [closed] = await closedAmong(tx, employeeId, instants);
  if (!closed) return;
  const { code, detail } = periodClosed();
  const { pointer } = closed;
  throw pointer === undefined ? periodClosed() : new Problem(code, detail, { errors: [{ pointer, code, detail }] });
}

/** Those of the instants that lie in a closed pay period by the clock of the person; none is closed before the transaction ends. */
export async function closedAmong<Each extends { readonly at: Date }>(
  tx: Transaction,
  employeeId: string,
  instants: readonly Each[],
): Promise<Each[]> {
  lockPeriodsShared(tx);
  const [people, periods] = await Promise.all([
    findEmployees(tx, tx.tenantId, [employeeId]),
    tx.rows<{ from: string; to: string }>(near, [tx.tenantId, instants.map(({ at }) => at.toISOString())]),
  ]);
  const zone = people.get(employeeId)?.zone;
  if (!zone) return [];
  return instants.filter(({ at }) => {
    const date = formatDate(zone.dayOf(Math.floor(at.getTime() / 1000)));
    return periods.some(({ from, to }) => date >= from && date <= to);
  });
}

import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { validationFailed } from '../../http/input/schema.pipe';
import type { User } from './user';

interface Employment {
  readonly hireDate?: string | undefined;
  readonly leaveDate?: string | undefined;
}

/** How far back a changed date of employment reaches, in days; older days are computed again when something on them changes. */
const REACH = 62;

// From the earlier to the later of the old and the new date, no farther back than the reach and no farther ahead than a day that
// has begun somewhere. An open end is as far away as can be.
const mark = statement(
  'users.mark_employment',
  `INSERT INTO dirty_days (tenant_id, employee_id, day)
   SELECT $1, $2, d.day::date FROM generate_series(
     greatest(least($3::date, $4::date), current_date - $5::integer)::timestamp,
     least(greatest($3::date, $4::date), current_date + 1)::timestamp, interval '1 day') AS d (day)`,
);

/** Refuses an end of employment before its beginning, `pointer` being the field that was sent. */
export function mustBeEmployment({ hireDate, leaveDate }: Employment, pointer: string): void {
  if (hireDate === undefined || leaveDate === undefined || leaveDate >= hireDate) return;
  const detail =
    pointer === '/hireDate'
      ? `must not lie after the leave date ${leaveDate}`
      : `must not lie before the hire date ${hireDate}`;
  throw validationFailed([{ pointer, code: 'invalid', detail }]);
}

/** Has the days computed again on which the user is employed now and was not before, or the other way round. */
export async function markEmployment(tx: Transaction, tenantId: string, before: User, after: User): Promise<void> {
  const changes = [
    [before.hireDate, after.hireDate, '-infinity'],
    [before.leaveDate, after.leaveDate, 'infinity'],
  ] as const;
  const marks = changes
    .filter(([old, fresh]) => old !== fresh)
    .map(([old, fresh, open]) => tx.run(mark, [tenantId, after.id, old ?? open, fresh ?? open, REACH]));
  await Promise.all(marks);
}

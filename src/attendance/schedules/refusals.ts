import { Problem } from '../../http/problems/problem';
import { validationFailed } from '../../http/input/schema.pipe';
import { parseDate } from '../rules/time/calendar';
import { type Employee, mustBeEmployedOn } from '../people/employee';
import { inScope, type Scope } from '../people/scope';
import type { Schedule } from './schedule';
import type { Shift, ShiftDraft } from './shift';

type Dates = Pick<Schedule, 'startDate' | 'endDate'>;

export function mustBeOrdered({ startDate, endDate }: Dates, at = ''): void {
  if (endDate === undefined || endDate >= startDate) return;
  throw new Problem('end_before_start', 'The schedule ends before it begins.', {
    errors: [{ pointer: `${at}/endDate`, code: 'end_before_start', detail: `must be ${startDate} or later` }],
  });
}

/** Plans are made for people who are there: in the scope of the planner, active, and employed on the first and the last date. */
export function mustBePlannable(employee: Employee | undefined, scope: Scope, dates: Dates, at = ''): Employee {
  if (!employee || !inScope(scope, employee)) {
    const detail = 'is nobody in your scope; check the id';
    throw new Problem('employee_unknown', `/employeeId ${detail}.`, {
      errors: [{ pointer: '/employeeId', code: 'employee_unknown', detail }],
    });
  }
  mustBeActive(employee);
  mustBeEmployedOn(employee, parseDate(dates.startDate), `${at}/startDate`);
  if (dates.endDate !== undefined) mustBeEmployedOn(employee, parseDate(dates.endDate), `${at}/endDate`);
  return employee;
}

function mustBeActive(employee: Employee): void {
  if (employee.active) return;
  const detail = 'is deactivated; bring the person back first';
  throw new Problem('employee_inactive', `The person ${detail}.`, {
    errors: [{ pointer: '/employeeId', code: 'employee_inactive', detail }],
  });
}

/** The dates that a change moves lie within the employment; those that stay are left alone. */
export function mustBeEmployed(employee: Employee, before: Dates, to: Dates): void {
  for (const member of ['startDate', 'endDate'] as const) {
    const date = to[member];
    if (date !== undefined && date !== before[member]) mustBeEmployedOn(employee, parseDate(date), `/${member}`);
  }
}

/** A shift of one date is planned for somebody who is employed on it. */
export function mustBeEmployedOnDate(employee: Employee, { date }: Pick<ShiftDraft, 'date'>, at = ''): void {
  if (date !== undefined) mustBeEmployedOn(employee, parseDate(date), `${at}/date`);
}

/** What was superseded or deleted is history. */
export function mustBeOpen(schedule: Schedule): void {
  if (schedule.status === 'draft' || schedule.status === 'published') return;
  throw new Problem('conflict', `This schedule is ${schedule.status} and stays as it is. Make a new one.`, {
    members: { currentStatus: schedule.status },
  });
}

/** The shifts of a schedule keep their kind of day: weekly ones do not fit a rotation, nor a long rotation a short one. */
export function mustSuit(rotation: Schedule['rotation'], shifts: readonly Shift[]): void {
  const astray = shifts.filter(({ dayOfWeek, cycleDay }) =>
    rotation ? dayOfWeek !== undefined || (cycleDay ?? 0) > rotation.cycleDays : cycleDay !== undefined,
  );
  if (astray.length === 0) return;
  const detail = `does not fit ${astray.length} of the shifts; delete or move them first`;
  throw validationFailed([{ pointer: '/rotation', code: 'invalid', detail }]);
}

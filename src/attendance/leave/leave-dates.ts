import { formatDate, parseDate } from '../rules/time/calendar';
import { localHours } from '../rules/time/local-hours';
import { type Employee, mustBeEmployedOn } from '../people/employee';
import { refusingRules } from '../people/rule-problem';
import type { LeaveDate } from './leave.repository';
import type { NewLeave } from './leave.schemas';

/**
 * The dates that a request for leave means, with their hours on the person's clock. Refuses what cannot be meant: a date out of
 * employment, an end before its start, a time that the clock of that date never or twice shows.
 */
export function leaveDates(employee: Employee, { date, from, to, startTime, endTime }: NewLeave): LeaveDate[] {
  const [first, last] = [parseDate(date ?? from ?? ''), parseDate(date ?? to ?? '')];
  mustBeEmployedOn(employee, first, date === undefined ? '/from' : '/date');
  mustBeEmployedOn(employee, last, date === undefined ? '/to' : '/date');
  const dates: LeaveDate[] = [];
  for (let day = first; day <= last; day += 1) {
    if (startTime === undefined || endTime === undefined) {
      dates.push({ date: formatDate(day), startsAt: null, endsAt: null });
      continue;
    }
    const { start, end } = refusingRules(() => localHours(day, startTime, endTime, employee.zone));
    dates.push({ date: formatDate(day), startsAt: new Date(start * 1000), endsAt: new Date(end * 1000) });
  }
  return dates;
}

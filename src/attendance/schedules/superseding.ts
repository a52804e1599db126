import { formatDate, parseDate } from '../rules/time/calendar';
import type { Span } from './plan';
import type { Schedule } from './schedule';

/** A published schedule that another one replaces, in part or wholly. */
export interface SupersededSchedule {
  readonly before: Schedule;
  readonly after: Schedule;
  /** The dates of its shifts that are withdrawn. */
  readonly withdrawn: Span;
}

const FOREVER = parseDate('9999-12-31');
const endOf = ({ endDate }: Schedule) => (endDate === undefined ? FOREVER : parseDate(endDate));

/**
 * What happens to `other` when `schedule` replaces it. If it begins earlier, it ends on the day before. If it is wholly covered, it is
 * superseded. If it begins within and ends later, it begins on the day after. Undefined if the two do not overlap.
 */
export function supersede(other: Schedule, schedule: Schedule): SupersededSchedule | undefined {
  const from = parseDate(schedule.startDate);
  const to = endOf(schedule);
  const start = parseDate(other.startDate);
  if (start > to || endOf(other) < from) return undefined;
  if (start < from) {
    return { before: other, after: { ...other, endDate: formatDate(from - 1) }, withdrawn: { from, to: FOREVER } };
  }
  if (endOf(other) <= to) {
    return { before: other, after: { ...other, status: 'superseded' }, withdrawn: { from: start, to: FOREVER } };
  }
  return { before: other, after: { ...other, startDate: formatDate(to + 1) }, withdrawn: { from: start, to } };
}

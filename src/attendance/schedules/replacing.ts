import { formatDate, parseDate } from '../rules/time/calendar';
import type { Span } from './plan';
import type { Schedule } from './schedule';

/** A published schedule that gives way to another one. */
export interface GivingWay {
  readonly before: Schedule;
  readonly after: Schedule;
  /** The dates on which it gives up its shifts. */
  readonly gone: Span;
}

const FOREVER = parseDate('9999-12-31');
const endOf = ({ endDate }: Schedule) => (endDate === undefined ? FOREVER : parseDate(endDate));

/**
 * What becomes of `other` when `schedule` replaces it: one that began earlier ends on the day before, one that is wholly covered
 * is superseded, one that begins within and goes on longer begins on the day after. Undefined: the two never meet.
 */
export function givingWay(other: Schedule, schedule: Schedule): GivingWay | undefined {
  const from = parseDate(schedule.startDate);
  const to = endOf(schedule);
  const start = parseDate(other.startDate);
  if (start > to || endOf(other) < from) return undefined;
  if (start < from) {
    return { before: other, after: { ...other, endDate: formatDate(from - 1) }, gone: { from, to: FOREVER } };
  }
  if (endOf(other) <= to) {
    return { before: other, after: { ...other, status: 'superseded' }, gone: { from: start, to: FOREVER } };
  }
  return { before: other, after: { ...other, startDate: formatDate(to + 1) }, gone: { from: start, to } };
}

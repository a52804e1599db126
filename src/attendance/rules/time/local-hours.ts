import { locating, RuleError } from '../errors';
import { SECONDS_PER_DAY, type DayNumber } from './calendar';
import type { Instant } from './instant';
import type { Interval } from './interval';
import { parseTime } from './local-time';
import type { Zone } from './zone';

/**
 * Hours of one date on the wall clock, as leave by the hour is entered; `24:00` is the end of the date. Throws, with the path
 * of the time, INVALID_TIME, END_BEFORE_START, and NONEXISTENT_LOCAL_TIME or AMBIGUOUS_LOCAL_TIME for a time that was never
 * or twice on the clock: unlike the boundary of a shift, it has nobody to look at it again.
 */
export function localHours(day: DayNumber, startTime: string, endTime: string, zone: Zone): Interval {
  const from = locating('/startTime', () => parseTime(startTime));
  const to = locating('/endTime', () => parseTime(endTime));
  if (to <= from) throw new RuleError('END_BEFORE_START', endTime, '/endTime');
  const midnight = day * SECONDS_PER_DAY;
  return {
    start: locating('/startTime', () => onlyInstant(zone, midnight + from)),
    end: locating('/endTime', () => onlyInstant(zone, midnight + to)),
  };
}

function onlyInstant(zone: Zone, local: number): Instant {
  const { kind, earlier } = zone.resolve(local);
  const text = () => new Date(local * 1000).toISOString().slice(0, 16);
  if (kind === 'gap') throw new RuleError('NONEXISTENT_LOCAL_TIME', text());
  if (kind === 'repeated') throw new RuleError('AMBIGUOUS_LOCAL_TIME', text());
  return earlier;
}

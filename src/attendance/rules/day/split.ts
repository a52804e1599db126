import type { Policy } from '../policy';
import type { PunchGroup } from '../punches/attribute';
import { SECONDS_PER_DAY, type DayNumber } from '../time/calendar';
import type { Instant } from '../time/instant';
import { lengthOf, type Interval } from '../time/interval';
import type { LocalRange } from '../time/local-time';
import type { Zone } from '../time/zone';

/** A part of an interval with the day that it falls on. */
interface DayPart extends Interval {
  readonly day: DayNumber;
}

/** The instant at which day `day` begins where days begin `dayStart` seconds after local midnight. */
function boundary(day: DayNumber, dayStart: number, zone: Zone): Instant {
  return dayStart === 0 ? zone.dayStart(day) : zone.resolve(day * SECONDS_PER_DAY + dayStart).earlier;
}

/** The day of an instant where days begin `dayStart` seconds after local midnight. */
function dayAt(instant: Instant, dayStart: number, zone: Zone): DayNumber {
  const day = zone.dayOf(instant);
  return dayStart > 0 && instant < boundary(day, dayStart, zone) ? day - 1 : day;
}

/** Cuts intervals at every beginning of a local day. */
export function splitByDay(intervals: readonly Interval[], dayStart: number, zone: Zone): DayPart[] {
  const parts: DayPart[] = [];
  for (const { start, end } of intervals) {
    let from = start;
    for (let day = dayAt(start, dayStart, zone); from < end; day += 1) {
      const to = Math.min(end, boundary(day + 1, dayStart, zone));
      if (to > from) parts.push({ start: from, end: to, day });
      from = Math.max(from, to);
    }
  }
  return parts;
}

/** The stretches of a local window (`22:00-06:00`) that begin on the given days. */
export function windowsOn(days: Iterable<DayNumber>, window: LocalRange, zone: Zone): Interval[] {
  const result: Interval[] = [];
  for (const day of days) {
    const midnight = day * SECONDS_PER_DAY;
    const interval = {
      start: zone.resolve(midnight + window.start).earlier,
      end: zone.resolve(midnight + window.end).later,
    };
    if (interval.end > interval.start) result.push(interval);
  }
  return result;
}

/** The days whose windows can reach into a span: one before its first to its last. */
export function daysAround(span: Interval, zone: Zone): DayNumber[] {
  const first = zone.dayOf(span.start) - 1;
  return Array.from({ length: zone.dayOf(span.end) - first + 1 }, (_, index) => first + index);
}

/** The date that owns a group of punches. `worked`: its payable intervals; `presence`: from in to out. */
export function owningDay(
  group: PunchGroup,
  presence: readonly Interval[],
  worked: readonly Interval[],
  rule: Policy['assignDay'],
  zone: Zone,
): DayNumber {
  const { shift, punches } = group;
  const begin = shift ? shift.day : zone.dayOf(punches[0]?.at ?? 0);
  if (rule === 'end') {
    const end = shift?.end ?? presence.at(-1)?.end;
    return end === undefined ? begin : zone.dayOf(end - 1);
  }
  if (rule === 'most_worked') return mostWorked(worked, zone) ?? begin;
  return begin;
}

/** The earlier day wins a tie. */
function mostWorked(worked: readonly Interval[], zone: Zone): DayNumber | null {
  const seconds = new Map<DayNumber, number>();
  for (const part of splitByDay(worked, 0, zone)) seconds.set(part.day, (seconds.get(part.day) ?? 0) + lengthOf(part));
  let best: DayNumber | null = null;
  for (const [day, worth] of seconds) if (best === null || worth > (seconds.get(best) ?? 0)) best = day;
  return best;
}

import { locating, RuleError } from '../errors';
import { shiftsOverlap } from '../shifts/checks';
import { localSegments, materialise, type ShiftDefinition, type ShiftInstance } from '../shifts/shift';
import { parseDate, SECONDS_PER_DAY, weekdayOf, type DayNumber } from '../time/calendar';
import { parseRange, parseTime } from '../time/local-time';
import type { Zone } from '../time/zone';
import type { PreviewRequest } from './preview.schemas';

type PlannedShift = PreviewRequest['shifts'][number];

/** A shift on a date, with the place in the request that it comes from. */
interface Planned {
  readonly index: number;
  readonly shift: PlannedShift;
  readonly instance: ShiftInstance;
}

/**
 * The shifts of a what-if on the dates of its span. Every fault names the member of the request that it stands in:
 * INVALID_TIME, SHIFT_TOO_LONG, NONEXISTENT_LOCAL_TIME for a boundary in a gap of the clock, OVERLAPPING_SHIFTS.
 */
export function plannedShifts(
  shifts: readonly PlannedShift[],
  from: DayNumber,
  to: DayNumber,
  zone: Zone,
): ShiftInstance[] {
  const planned: Planned[] = [];
  for (const [index, shift] of shifts.entries()) {
    locating(`/shifts/${index}`, () => {
      refuseUnreadable(shift);
      const on = shift.date === undefined ? null : locating('/date', () => parseDate(shift.date ?? ''));
      const definition = definitionOf(shift, index);
      for (let day = from; day <= to; day += 1) {
        if (on === null ? weekdayOf(day) !== shift.dayOfWeek : on !== day) continue;
        planned.push({ index, shift, instance: onDate(definition, day, zone, shift) });
      }
    });
  }
  refuseOverlaps(planned);
  return planned.map(({ instance }) => instance);
}

const segmentsOf = ({ segments, startTime, endTime }: PlannedShift): readonly string[] =>
  segments ?? [`${startTime ?? ''}-${endTime ?? ''}`];

/** Where the boundary of a segment stands in the shift. */
function pathOf(shift: PlannedShift, segment: number, boundary: 'start' | 'end'): string {
  return shift.segments ? `/segments/${segment}` : `/${boundary}Time`;
}

function refuseUnreadable(shift: PlannedShift): void {
  if (shift.segments)
    for (const [at, text] of shift.segments.entries()) locating(`/segments/${at}`, () => parseRange(text));
  else {
    locating('/startTime', () => parseTime(shift.startTime ?? ''));
    locating('/endTime', () => parseTime(shift.endTime ?? ''));
  }
  const last = segmentsOf(shift).length - 1;
  locating(pathOf(shift, last, 'end'), () => localSegments(segmentsOf(shift)));
}

function definitionOf(shift: PlannedShift, index: number): ShiftDefinition {
  return {
    id: shift.id ?? `shift ${index + 1}`,
    segments: segmentsOf(shift),
    windowBeforeSeconds: shift.windowBeforeMinutes,
    windowAfterSeconds: shift.windowAfterMinutes,
    breakSeconds: shift.breakMinutes,
    ...(shift.lateGraceMinutes === undefined ? {} : { lateGraceSeconds: shift.lateGraceMinutes }),
    ...(shift.earlyGraceMinutes === undefined ? {} : { earlyGraceSeconds: shift.earlyGraceMinutes }),
  };
}

function onDate(definition: ShiftDefinition, day: DayNumber, zone: Zone, shift: PlannedShift): ShiftInstance {
  const instance = materialise(definition, day, zone);
  if (!instance.review) return instance;
  const midnight = day * SECONDS_PER_DAY;
  for (const [segment, range] of localSegments(definition.segments).entries()) {
    for (const boundary of ['start', 'end'] as const) {
      const local = midnight + range[boundary];
      if (zone.resolve(local).kind !== 'gap') continue;
      const text = new Date(local * 1000).toISOString().slice(0, 16);
      throw new RuleError('NONEXISTENT_LOCAL_TIME', text, pathOf(shift, segment, boundary));
    }
  }
  return instance;
}

/** Points at the one that begins later; of two that begin together, at the one that stands later in the request. */
function refuseOverlaps(planned: readonly Planned[]): void {
  const sorted = [...planned].sort((a, b) => a.instance.start - b.instance.start || a.index - b.index);
  let running: Planned[] = [];
  for (const each of sorted) {
    const { index, shift, instance } = each;
    running = running.filter((other) => other.instance.end > instance.start);
    const other = running.find((one) => shiftsOverlap(one.instance, instance));
    if (other) {
      const path = `/shifts/${index}${pathOf(shift, 0, 'start')}`;
      throw new RuleError('OVERLAPPING_SHIFTS', instance.localStart, path);
    }
    running.push(each);
  }
}

import { explainDay } from '../day/explain';
import { computeAttendance } from '../engine';
import { RuleError } from '../errors';
import { shiftsOverlap } from '../shifts/checks';
import { materialise, type ShiftDefinition, type ShiftInstance } from '../shifts/shift';
import { parseDate, weekdayOf, type DayNumber } from '../time/calendar';
import { parseInstant } from '../time/instant';
import type { Interval } from '../time/interval';
import { zoneNamed, type Zone } from '../time/zone';
import { exceptionView, totalsView, dayView, type DayView, type ExceptionView, type TotalsView } from './view';
import type { PreviewRequest } from './preview.schemas';

export interface PreviewResult {
  readonly days: readonly (DayView & { readonly explanation: readonly string[] })[];
  readonly exceptions: readonly (ExceptionView & { readonly date: string })[];
  readonly totals: TotalsView;
  /** By workweek, as far as the punches of the request reach; `date` is its first day. */
  readonly weeks: readonly (TotalsView & { readonly date: string })[];
}

/** The longest span that one request may ask about, in days. */
export const LONGEST_PREVIEW = 62;
const AFTER_EVERYTHING = 3 * 86_400;

/**
 * Computes the days of a what-if and says how. Throws UNKNOWN_TIME_ZONE, END_BEFORE_START, NONEXISTENT_LOCAL_TIME for a
 * shift that begins or ends in a gap of the clock, OVERLAPPING_SHIFTS, INVALID_DATE for a span that is too long.
 */
export function preview(request: PreviewRequest): PreviewResult {
  const zone = zoneNamed(request.timeZone);
  const [from, to] = [parseDate(request.from), parseDate(request.to)];
  if (to < from) throw new RuleError('END_BEFORE_START', request.to);
  if (to - from >= LONGEST_PREVIEW) throw new RuleError('INVALID_DATE', request.to);
  const result = computeAttendance({
    zone,
    policy: request.policy,
    punches: request.punches.map(({ type, timestamp }, index) => ({
      id: `punch ${index + 1}`,
      seq: index + 1,
      type,
      at: parseInstant(timestamp),
    })),
    shifts: shiftsOf(request, from, to, zone),
    holidays: request.holidays.map(({ date, name }) => ({ day: parseDate(date), name })),
    leave: request.leave.map(({ date, code, start, end }) => ({
      day: parseDate(date),
      code,
      hours: start === undefined || end === undefined ? null : intervalOf(start, end),
    })),
    authorisedOvertime: request.authorisedOvertime.map(({ start, end }) => intervalOf(start, end)),
    from,
    to,
    now: request.now === undefined ? zone.dayStart(to) + AFTER_EVERYTHING : parseInstant(request.now),
  });
  return {
    days: result.days.map((day) => ({ ...dayView(day), explanation: explainDay(day, zone) })),
    exceptions: result.days.flatMap((day) =>
      day.exceptions.map((each) => ({ date: day.date, ...exceptionView(each) })),
    ),
    totals: totalsView(result.totals),
    weeks: result.weeks.map((week) => ({ date: week.date, ...totalsView(week) })),
  };
}

function intervalOf(start: string, end: string): Interval {
  const interval = { start: parseInstant(start), end: parseInstant(end) };
  if (interval.end <= interval.start) throw new RuleError('END_BEFORE_START', end);
  return interval;
}

function shiftsOf(request: PreviewRequest, from: DayNumber, to: DayNumber, zone: Zone): ShiftInstance[] {
  const instances: ShiftInstance[] = [];
  for (const [index, shift] of request.shifts.entries()) {
    const definition: ShiftDefinition = {
      id: shift.id ?? `shift ${index + 1}`,
      segments: shift.segments ?? [`${shift.startTime ?? ''}-${shift.endTime ?? ''}`],
      windowBeforeSeconds: shift.windowBeforeMinutes,
      windowAfterSeconds: shift.windowAfterMinutes,
      breakSeconds: shift.breakMinutes,
      ...(shift.lateGraceMinutes === undefined ? {} : { lateGraceSeconds: shift.lateGraceMinutes }),
      ...(shift.earlyGraceMinutes === undefined ? {} : { earlyGraceSeconds: shift.earlyGraceMinutes }),
    };
    for (let day = from; day <= to; day += 1) {
      const isDue = shift.date === undefined ? weekdayOf(day) === shift.dayOfWeek : parseDate(shift.date) === day;
      if (isDue) instances.push(materialise(definition, day, zone));
    }
  }
  refuseFaults(instances);
  return instances;
}

function refuseFaults(shifts: readonly ShiftInstance[]): void {
  const sorted = [...shifts].sort((a, b) => a.start - b.start);
  for (const [index, shift] of sorted.entries()) {
    if (shift.review) {
      throw new RuleError(
        'NONEXISTENT_LOCAL_TIME',
        shift.review === 'START_IN_GAP' ? shift.localStart : shift.localEnd,
      );
    }
    const before = sorted[index - 1];
    if (before && shiftsOverlap(before, shift)) throw new RuleError('OVERLAPPING_SHIFTS', shift.localStart);
  }
}

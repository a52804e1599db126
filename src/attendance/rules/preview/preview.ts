import { explainDay } from '../day/explain';
import { computeAttendance } from '../engine';
import type { LeaveEntry } from '../day/draft';
import { locating, RuleError } from '../errors';
import { parseDate, type DayNumber } from '../time/calendar';
import { parseInstant } from '../time/instant';
import type { Interval } from '../time/interval';
import { localHours } from '../time/local-hours';
import { zoneNamed, type Zone } from '../time/zone';
import { payMinutes, type TotalsView } from '../overtime/minutes';
import { exceptionView, dayView, type DayView, type ExceptionView } from './view';
import { plannedShifts } from './planned-shifts';
import type { PreviewRequest } from './preview.schemas';

export interface PreviewResult {
  readonly days: readonly (DayView & { readonly explanation: readonly string[] })[];
  readonly exceptions: readonly (ExceptionView & { readonly date: string })[];
  readonly totals: TotalsView;
  /** By workweek, as far as the punches of the request reach; `date` is its first day. */
  readonly weeks: readonly (TotalsView & { readonly date: string })[];
}

/** The longest span that one request may ask about, in days. */
const LONGEST_PREVIEW = 62;
const AFTER_EVERYTHING = 3 * 86_400;

/**
 * Computes the days of a what-if and says how. A fault names its place in the request: UNKNOWN_TIME_ZONE, END_BEFORE_START,
 * INVALID_DATE for a span that is too long, NONEXISTENT_LOCAL_TIME and AMBIGUOUS_LOCAL_TIME for hours of leave that were
 * never or twice on the clock, and those of `plannedShifts`.
 */
export function preview(request: PreviewRequest): PreviewResult {
  const zone = zoneOf(request.timeZone);
  const { from, to } = spanOf(request);
  const result = computeAttendance({
    zone,
    policy: request.policy,
    punches: request.punches.map(({ type, timestamp }, index) => ({
      id: `punch ${index + 1}`,
      seq: index + 1,
      type,
      at: locating(`/punches/${index}/timestamp`, () => parseInstant(timestamp)),
    })),
    shifts: plannedShifts(request.shifts, from, to, zone),
    holidays: request.holidays.map(({ date, name }, index) => ({ day: dateAt(`/holidays/${index}/date`, date), name })),
    leave: request.leave.map((entry, index) => locating(`/leave/${index}`, () => leaveOf(entry, zone))),
    authorisedOvertime: request.authorisedOvertime.map(({ start, end }, index) =>
      locating(`/authorisedOvertime/${index}`, () => intervalOf(start, end)),
    ),
    from,
    to,
    now:
      request.now === undefined
        ? zone.dayStart(to) + AFTER_EVERYTHING
        : locating('/now', () => parseInstant(request.now ?? '')),
    watermark:
      request.watermark === undefined ? null : locating('/watermark', () => parseInstant(request.watermark ?? '')),
  });
  return {
    days: result.days.map((day) => ({ ...dayView(day), explanation: explainDay(day, zone) })),
    exceptions: result.days.flatMap((day) =>
      day.exceptions.map((each) => ({ date: day.date, ...exceptionView(each) })),
    ),
    totals: payMinutes(result.totals),
    weeks: result.weeks.map((week) => ({ date: week.date, ...payMinutes(week) })),
  };
}

const dateAt = (path: string, date: string) => locating(path, () => parseDate(date));

/** An offset such as +01:00 is no zone: it knows no summer. A zone has one spelling here, so that each is kept once. */
function zoneOf(name: string): Zone {
  return locating('/timeZone', () => {
    if (!/^[A-Za-z]/.test(name)) throw new RuleError('UNKNOWN_TIME_ZONE', name);
    try {
      return zoneNamed(new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone);
    } catch {
      throw new RuleError('UNKNOWN_TIME_ZONE', name);
    }
  });
}

function spanOf(request: PreviewRequest): { from: DayNumber; to: DayNumber } {
  const [from, to] = [dateAt('/from', request.from), dateAt('/to', request.to)];
  if (to < from) throw new RuleError('END_BEFORE_START', request.to, '/to');
  if (to - from >= LONGEST_PREVIEW) throw new RuleError('INVALID_DATE', request.to, '/to');
  return { from, to };
}

function leaveOf(
  { date, code, start, end, startTime, endTime }: PreviewRequest['leave'][number],
  zone: Zone,
): LeaveEntry {
  const day = dateAt('/date', date);
  if (start !== undefined && end !== undefined) return { day, code, hours: intervalOf(start, end) };
  if (startTime === undefined || endTime === undefined) return { day, code, hours: null };
  return { day, code, hours: localHours(day, startTime, endTime, zone) };
}

function intervalOf(start: string, end: string): Interval {
  const interval = {
    start: locating('/start', () => parseInstant(start)),
    end: locating('/end', () => parseInstant(end)),
  };
  if (interval.end <= interval.start) throw new RuleError('END_BEFORE_START', end, '/end');
  return interval;
}

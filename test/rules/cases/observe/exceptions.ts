import { shiftsOverlap } from '../../../../src/attendance/rules/shifts/checks';
import { formatDate, SECONDS_PER_DAY } from '../../../../src/attendance/rules/time/calendar';
import { parseTime } from '../../../../src/attendance/rules/time/local-time';
import type { DayRecord } from '../../../../src/attendance/rules/day/record';
import type { ExceptionCode } from '../../../../src/attendance/rules/day/exception';
import { roundInstant } from '../../../../src/attendance/rules/day/rounding';
import { hours, Unsupported } from '../case';
import { toHours, toMinutes, wholeMinutes, type CaseContext, type Observers } from '../context';
import { statusOf } from './days';
import { codeAmong } from './form';
import { unbroken } from './unbroken';

/** Lateness, absence, missing punches. */
export const EXCEPTION_OBSERVERS: Observers = {
  late: (context) => context.days.some((day) => day.lateSeconds > 0),
  earlyLeave: (context) => context.days.some((day) => day.earlySeconds > 0),
  lateMinutes: (context) => wholeMinutes(context.sum((day) => day.lateSeconds)),
  earlyLeaveMinutes: (context) => wholeMinutes(context.sum((day) => day.earlySeconds)),
  severeLate: (context) => context.days.some((day) => day.isSeverelyLate),
  absenceLate: (context) => context.days.some((day) => day.isAbsentByLateness),
  absent: ({ result }, wanted) => {
    const absent = result.days.filter((day) => day.status === 'ABSENT').length;
    return typeof wanted === 'boolean' ? absent > 0 : absent;
  },
  today: ({ result, setup }) => statusOf(result.days.find((day) => day.date === formatDate(setup.today))),
  absentOnRelievingDate: (context) => isAbsent(context, context.setup.employment.until),
  absentDayAfter: (context) => isAbsent(context, plus(context.setup.employment.until, 1)),
  absentBeforeAssignment: (context) => {
    const first = Math.min(...context.setup.shifts.map((shift) => shift.day));
    return context.result.days.some((day) => day.date < formatDate(first) && day.status === 'ABSENT');
  },
  'segment*': (context, _, key) => {
    const segment = segmentOf(context, key.slice('segment'.length));
    if (segment?.missing) return `MISSING_${segment.missing.side.toUpperCase()}`;
    if (!segment || segment.in === null) return 'ABSENT';
    if (segment.lateSeconds > 0) return segment.earlySeconds > 0 ? 'LATE_EARLY' : 'LATE';
    return segment.earlySeconds > 0 ? 'EARLY_LEAVE' : 'NORMAL';
  },
  'workedMinutesSegment*': (context, _, key) =>
    wholeMinutes(segmentOf(context, key.slice('workedMinutesSegment'.length))?.workedSeconds ?? 0),
  segmentMinutes: (context) => (context.day?.segments ?? []).map((each) => wholeMinutes(each.workedSeconds)),
  extensionMinutes: (context) => toMinutes(extension(context, context.days)),
  'ifOut*': (context, _, key) => {
    const clock = `${key.slice(5, 7)}:${key.slice(7)}`;
    const { punches, zone } = context.setup;
    const last = punches.findLast((punch) => punch.type === 'out');
    if (!last) throw new Unsupported(`expected ${key} without an out`);
    const at = zone.resolve(zone.dayOf(last.at) * SECONDS_PER_DAY + parseTime(clock)).later;
    const changed = punches.map((punch) => (punch === last ? { ...punch, at } : punch));
    return toMinutes(extension(context, context.daysOf(context.compute({ punches: changed }))));
  },
  supersededPunches: ({ setup }) => setup.punches.filter((punch) => punch.supersededBy !== undefined).length,
  code: (context, wanted) => codeAmong(openCodes(context.days), wanted),
  exception: (context, wanted) => codeAmong(openCodes(context.days), wanted),
  exceptions: (context) => openCodes(context.days),
  // The cases use a peer's word for an exception whose window has closed.
  state: (context) => {
    const code = context.given.expected.code;
    const found = context.days.flatMap((day) => day.exceptions).find((each) => each.code === code);
    return found ? (found.state === 'open' ? 'ACTIVE' : 'PREMATURE') : null;
  },
  overlap: ({ setup }) => {
    const sameDay = setup.shifts.filter((shift) => shift.day === setup.today);
    return sameDay.some((shift, index) => sameDay.slice(index + 1).some((other) => shiftsOverlap(shift, other)));
  },
};

/** Breaks and meals. */
export const BREAK_OBSERVERS: Observers = {
  mealMinutes: (context) => toMinutes(firstBreak(context)?.seconds ?? 0),
  roundedMealMinutes: (context) => toMinutes(firstBreak(context)?.roundedSeconds ?? 0),
  premiumHours: (context) => toHours(context.sum((day) => day.mealPremiumSeconds)),
  minutesIntoShift: (context) => {
    const late = context.days.flatMap((day) => day.exceptions).find((each) => each.code === 'LATE_MEAL');
    return late ? toMinutes(late.seconds) : null;
  },
  restMinutesOwed: (context) => {
    const day = unbroken(context, hours(context.given.inputs.shiftHours, 'shiftHours')).days.find(
      (each) => each.payableSeconds > 0,
    );
    return toMinutes(day?.restOwedSeconds ?? 0);
  },
  paidBreakMinutes: (context) => toMinutes(context.sum((day) => day.paidBreakSeconds)),
  unpaidBreakMinutes: (context) => toMinutes(context.sum((day) => day.unpaidBreakSeconds)),
  breakMinutesTaken: (context) => toMinutes(context.sum((day) => day.breakSeconds)),
  deductedMinutes: (context) => toMinutes(context.sum((day) => day.autoBreakSeconds)),
};

/** What the rules find without being asked is not what a case about something else means by "no exception". */
const SILENT = new Set<ExceptionCode>(['UNSCHEDULED']);

function openCodes(days: readonly DayRecord[]): string[] {
  const found = days.flatMap((day) => day.exceptions).filter((each) => each.state === 'open' && !SILENT.has(each.code));
  return found.map((each) => each.code);
}

function isAbsent({ result }: CaseContext, day: number | null): boolean {
  return day !== null && result.days.find((each) => each.date === formatDate(day))?.status === 'ABSENT';
}

const plus = (day: number | null, days: number) => (day === null ? null : day + days);

function segmentOf(context: CaseContext, number: string) {
  return context.day?.segments[Number(number) - 1];
}

/** Paid beyond the schedule because somebody authorised it. */
function extension(context: CaseContext, days: readonly DayRecord[]): number {
  const inSegments = days.reduce(
    (sum, day) => sum + day.segments.reduce((all, each) => all + each.workedSeconds, 0),
    0,
  );
  return days.reduce((sum, day) => sum + day.payableSeconds, 0) - inSegments;
}

function firstBreak({ day, setup }: CaseContext) {
  const first = day?.breaks[0];
  if (!first) return undefined;
  const { roundIn, roundOut } = setup.policy;
  const rounded = roundInstant(first.end, roundIn, setup.zone) - roundInstant(first.start, roundOut, setup.zone);
  return { seconds: first.end - first.start, roundedSeconds: rounded };
}

import type { PaySource } from '../overtime/allocate';
import type { Instant } from '../time/instant';
import { formatTime } from '../time/local-time';
import type { Zone } from '../time/zone';
import { duration } from './duration';
import type { DayException, ExceptionCode } from './exception';
import { breakLines } from './explain-breaks';
import type { DayRecord } from './record';
import type { DayStatus } from './status';

/**
 * How a day was computed, step by step, in sentences for the person who approves it: plan, punches, breaks, what was
 * taken off or added, pay, findings. Everything comes from the record; nothing is computed again.
 */
export function explainDay(day: DayRecord, zone: Zone): string[] {
  const clock = (instant: Instant) => clockOn(instant, day.date, zone);
  const span = ({ start, end }: { start: Instant; end: Instant }) => `${clock(start)} to ${clock(end)}`;
  const lines: string[] = [];
  if (day.holiday !== null) lines.push(`Public holiday: ${day.holiday}.`);
  if (day.leave.length > 0) lines.push(`Leave: ${day.leave.join(', ')}${excusedWords(day)}.`);
  const expected = day.segments.filter((segment) => !segment.excused);
  lines.push(
    expected.length > 0
      ? `Planned: ${list(expected.map((segment) => span(segment.expected)))}.`
      : 'No work was planned.',
  );
  lines.push(day.presence.length > 0 ? `Present: ${list(day.presence.map(span))}.` : 'No complete pair of in and out.');
  lines.push(...breakLines(day, span));
  if (day.clippedSeconds > 0) {
    lines.push(`${duration(day.clippedSeconds)} outside the plan are not paid: nobody authorised them.`);
  }
  if (day.lateSeconds > 0) lines.push(`Late by ${duration(day.lateSeconds)}.`);
  if (day.earlySeconds > 0) lines.push(`Left early by ${duration(day.earlySeconds)}.`);
  if (day.isAdjusted) lines.push('An approved correction changed the punches of this day.');
  lines.push(...payLines(day));
  lines.push(...day.exceptions.map((each) => exceptionLine(each, clock)));
  lines.push(`The day counts as: ${STATUS_WORDS[day.status]}.`);
  return lines;
}

/** How much of the plan the leave covers; days that were computed before this was recorded do not say. */
function excusedWords({ segments }: DayRecord): string {
  const seconds = segments.reduce((sum, each) => sum + (each.excusedSeconds ?? 0), 0);
  return seconds > 0 && segments.some((each) => !each.excused) ? `, ${duration(seconds)} of the planned time` : '';
}

/** `09:00`, with the date where it is not the work date; in the repeated hour with the offset. */
function clockOn(instant: Instant, date: string, zone: Zone): string {
  const [localDate = '', time = ''] = zone.localText(instant).split('T');
  const isRepeated = zone.resolve(zone.localSeconds(instant)).kind === 'repeated';
  const offset = zone.offsetAt(instant);
  const sign = offset < 0 ? '-' : '+';
  const withOffset = isRepeated ? `${time} (UTC${sign}${formatTime(Math.abs(offset))})` : time;
  return localDate === date ? withOffset : `${withOffset} on ${localDate}`;
}

function payLines(day: DayRecord): string[] {
  if (day.payableSeconds === 0) return ['Nothing is paid.'];
  const parts = day.buckets.map(({ source, rate, seconds }) =>
    source === 'regular' ? `${duration(seconds)} regular` : `${duration(seconds)} at ${rate} (${sourceWords(source)})`,
  );
  return [`Paid: ${duration(day.payableSeconds)} = ${parts.join(' + ')}.`];
}

function sourceWords(source: PaySource): string {
  if (source.startsWith('premium:')) return source.slice('premium:'.length);
  const words: Readonly<Record<string, string>> = {
    daily: 'overtime of the day',
    weekly: 'overtime of the week',
    seventh_day: 'last of the days in a row',
    holiday: 'holiday',
  };
  return words[source] ?? source;
}

function exceptionLine({ code, at, seconds, state }: DayException, clock: (instant: Instant) => string): string {
  const amount = seconds > 0 ? `, ${duration(seconds)}` : '';
  const premature = state === 'premature' ? ' (may still be settled)' : '';
  return `To settle: ${EXCEPTION_WORDS[code]} (${clock(at)}${amount})${premature}.`;
}

function list(parts: readonly string[]): string {
  return parts.join(', ');
}

/** What each finding says to the person who settles it. */
export const EXCEPTION_WORDS: Readonly<Record<ExceptionCode, string>> = {
  IN_LATE: 'came late',
  OUT_EARLY: 'left early',
  IN_EARLY: 'came before the permitted time',
  OUT_LATE: 'left after the permitted time',
  SEVERE_LATE: 'came very late',
  ABSENT: 'did not come',
  ABSENT_SEGMENT: 'missed a part of the shift',
  MISSING_IN: 'the punch in is missing',
  MISSING_OUT: 'the punch out is missing; no time is counted without it',
  MISSING_BREAK_END: 'the end of a break is missing',
  ORPHAN_OUT: 'a punch out without a punch in',
  ORPHAN_BREAK: 'a break punch outside of work',
  DOUBLE_IN: 'punched in twice',
  DOUBLE_BREAK: 'began a break twice',
  UNSCHEDULED: 'worked without a shift',
  SHORT_MEAL: 'the meal was too short',
  LATE_MEAL: 'the meal began too late',
  MISSING_MEAL: 'there was no meal',
  MISSING_BREAK: 'there was no break',
  BREAK_ALLOWANCE_EXCEEDED: 'took more break than allowed',
  LONG_DAY: 'worked longer than allowed',
  SHORT_REST: 'too little rest since the day before',
  SHORT_WEEKLY_REST: 'no long enough rest in this week',
};

const STATUS_WORDS: Readonly<Record<DayStatus, string>> = {
  UNDECIDED: 'not decided yet',
  OFF: 'day off',
  HOLIDAY: 'holiday',
  LEAVE: 'leave',
  ABSENT: 'absent',
  MISSING_IN: 'punch in missing',
  MISSING_OUT: 'punch out missing',
  OPEN: 'still at work',
  PRESENT: 'present',
  HALF_DAY: 'half a day',
  PARTIAL: 'partly recorded',
  ADJUSTED: 'adjusted',
  NORMAL: 'as planned',
  LATE: 'late',
  EARLY_LEAVE: 'left early',
  LATE_EARLY: 'late and left early',
};

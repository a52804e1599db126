import type { DayException } from '../day/exception';
import type { DayRecord } from '../day/record';
import { bucketMinutes, payMinutes, type TotalsView } from '../overtime/minutes';
import { formatInstant, type Instant } from '../time/instant';
import type { Interval } from '../time/interval';

/**
 * Records as the API writes them: UTC instants, durations in whole minutes. Seconds are cut off here and nowhere before, in such a
 * way that what is paid still adds up; sums over days are taken from seconds, not from these.
 */
export interface ExceptionView {
  readonly code: string;
  readonly anchor: string;
  readonly at: string;
  readonly minutes: number;
  readonly state: DayException['state'];
}

interface IntervalView {
  readonly start: string;
  readonly end: string;
}

export interface DayView extends TotalsView {
  readonly date: string;
  readonly status: DayRecord['status'];
  readonly scheduledMinutes: number;
  readonly workedMinutes: number;
  readonly breakMinutes: number;
  readonly paidBreakMinutes: number;
  readonly lateMinutes: number;
  readonly earlyLeaveMinutes: number;
  readonly mealPremiumMinutes: number;
  readonly firstIn: string | null;
  readonly lastOut: string | null;
  readonly holiday: string | null;
  readonly leave: readonly string[];
  readonly intervals: readonly IntervalView[];
  readonly breaks: readonly IntervalView[];
  readonly buckets: readonly { readonly source: string; readonly rate: number; readonly minutes: number }[];
}

const minutes = (seconds: number) => Math.floor(seconds / 60);
const optional = (instant: Instant | null) => (instant === null ? null : formatInstant(instant));
const intervalView = ({ start, end }: Interval) => ({ start: formatInstant(start), end: formatInstant(end) });

export function exceptionView({ code, anchor, at, seconds, state }: DayException): ExceptionView {
  return { code, anchor, at: formatInstant(at), minutes: minutes(seconds), state };
}

export function dayView(day: DayRecord): DayView {
  const ofBucket = bucketMinutes(day.buckets);
  return {
    date: day.date,
    status: day.status,
    scheduledMinutes: minutes(day.scheduledSeconds),
    workedMinutes: minutes(day.workedSeconds),
    ...payMinutes(day),
    breakMinutes: minutes(day.breakSeconds),
    paidBreakMinutes: minutes(day.paidBreakSeconds),
    lateMinutes: minutes(day.lateSeconds),
    earlyLeaveMinutes: minutes(day.earlySeconds),
    mealPremiumMinutes: minutes(day.mealPremiumSeconds),
    firstIn: optional(day.firstIn),
    lastOut: optional(day.lastOut),
    holiday: day.holiday,
    leave: day.leave,
    intervals: day.presence.map(intervalView),
    breaks: day.breaks.map(intervalView),
    buckets: day.buckets.map(({ source, rate }, index) => ({ source, rate, minutes: ofBucket[index] ?? 0 })),
  };
}

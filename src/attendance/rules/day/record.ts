import type { PaidPiece } from '../overtime/allocate';
import { bucketsOf, totalsOf, type PayBucket, type PayTotals } from '../overtime/totals';
import type { Policy } from '../policy';
import { formatDate } from '../time/calendar';
import type { Instant } from '../time/instant';
import type { Interval } from '../time/interval';
import { restOwed } from '../working-time/meals';
import { plannedSeconds, type BreakDeduction } from './breaks';
import type { DayDraft } from './draft';
import { compareExceptions, type DayException } from './exception';
import { breakSecondsTaken, findExceptions, type Horizon } from './findings';
import type { SegmentResult } from './segments';
import { statusOf, type DayStatus } from './status';

/** One employee on one work date. Durations in seconds, times as instants; the same inputs give the same bytes. */
export interface DayRecord extends PayTotals {
  /** `2026-03-29`, the work date. */
  readonly date: string;
  readonly status: DayStatus;
  readonly scheduledSeconds: number;
  /** Paid time less what is paid without being worked. */
  readonly workedSeconds: number;
  readonly paidMealSeconds: number;
  readonly paidBreakSeconds: number;
  readonly unpaidBreakSeconds: number;
  readonly autoBreakSeconds: number;
  /** Why as much was taken off, by stretch of work; absent where no break was to be taken, and in records older than this. */
  readonly breakDeductions?: readonly BreakDeduction[];
  /** All ended breaks, paid or not, by whatever punches. */
  readonly breakSeconds: number;
  /** Presence cut off because neither schedule nor authorisation covers it. */
  readonly clippedSeconds: number;
  /** Extra pay for meal faults, at the regular rate; not part of `payableSeconds`. */
  readonly mealPremiumSeconds: number;
  /** Paid rest that the work of the day entitles to, part of the paid time; absent where nothing is owed. */
  readonly restOwedSeconds?: number;
  readonly lateSeconds: number;
  readonly earlySeconds: number;
  readonly isSeverelyLate: boolean;
  readonly isAbsentByLateness: boolean;
  /** It comes from an approved correction. */
  readonly isAdjusted: boolean;
  readonly holiday: string | null;
  readonly leave: readonly string[];
  readonly firstIn: Instant | null;
  readonly lastOut: Instant | null;
  readonly shifts: readonly string[];
  /** Raw, from in to out. */
  readonly presence: readonly Interval[];
  readonly breaks: readonly Interval[];
  readonly segments: readonly SegmentResult[];
  readonly buckets: readonly PayBucket[];
  readonly exceptions: readonly DayException[];
}

/** Completes a draft. `pieces` is the paid time of the day, `extra` the exceptions that depend on the days around it. */
export function recordOf(
  draft: DayDraft,
  pieces: readonly PaidPiece[],
  extra: { readonly isAdjusted: boolean; readonly exceptions: readonly DayException[] },
  policy: Policy,
  horizon: Horizon,
): DayRecord {
  const segments = draft.planned.flatMap((each) => each.segments);
  const breakDeductions = draft.works.flatMap(({ deduction }) => (deduction ? [deduction] : []));
  const lateSeconds = segments.reduce((sum, each) => sum + each.lateSeconds, 0);
  const earlySeconds = segments.reduce((sum, each) => sum + each.earlySeconds, 0);
  const presence = draft.works.flatMap((work) => work.pairing.presence);
  const totals = totalsOf(pieces);
  const paidMealSeconds = draft.works.reduce((sum, work) => sum + work.paidMealSeconds, 0);
  const workedSeconds = Math.max(0, totals.payableSeconds - paidMealSeconds);
  const restOwedSeconds = policy.meals ? restOwed(workedSeconds, policy.meals.paidRest) : 0;
  const hasMealFault = draft.works.some((work) => work.mealFaults.length > 0);
  const opens = draft.works.flatMap(({ pairing }) => (pairing.open ? [pairing.open.since] : []));
  return {
    date: formatDate(draft.day),
    status: statusOf(draft, { lateSeconds, earlySeconds, adjusted: extra.isAdjusted }, policy, horizon),
    scheduledSeconds: draft.planned.reduce((sum, { shift }) => sum + plannedSeconds(shift, policy), 0),
    workedSeconds,
    ...totals,
    paidMealSeconds,
    paidBreakSeconds: draft.works.reduce((sum, work) => sum + work.paidBreakSeconds, 0),
    unpaidBreakSeconds: draft.works.reduce((sum, work) => sum + work.unpaidBreakSeconds, 0),
    autoBreakSeconds: breakDeductions.reduce((sum, each) => sum + each.deductedSeconds, 0),
    ...(breakDeductions.length > 0 ? { breakDeductions } : {}),
    breakSeconds: breakSecondsTaken(draft),
    clippedSeconds: draft.works.reduce((sum, work) => sum + work.clippedSeconds, 0),
    mealPremiumSeconds: hasMealFault ? (policy.meals?.premiumSeconds ?? 0) : 0,
    ...(restOwedSeconds > 0 ? { restOwedSeconds } : {}),
    lateSeconds,
    earlySeconds,
    isSeverelyLate: reaches(segments, policy.severeLateSeconds),
    isAbsentByLateness: reaches(segments, policy.absenceLateSeconds),
    isAdjusted: extra.isAdjusted,
    holiday: draft.holiday?.name ?? null,
    leave: draft.leave.map((each) => each.code),
    firstIn: smallest([...presence.map((each) => each.start), ...opens]),
    lastOut: presence.length > 0 ? presence.reduce((last, each) => Math.max(last, each.end), -Infinity) : null,
    shifts: draft.planned.map(({ shift }) => shift.id),
    presence,
    breaks: draft.works.flatMap((work) => work.breaks),
    segments,
    buckets: bucketsOf(pieces),
    exceptions: [...findExceptions(draft, policy, horizon), ...extra.exceptions].sort(compareExceptions),
  };
}

function reaches(segments: readonly SegmentResult[], threshold: number | null): boolean {
  return threshold !== null && segments.some((each) => each.lateSeconds > 0 && each.lateSeconds >= threshold);
}

function smallest(instants: readonly Instant[]): Instant | null {
  return instants.length > 0 ? instants.reduce((first, each) => Math.min(first, each), Infinity) : null;
}

import type { Policy } from '../policy';
import type { PunchGroup } from '../punches/attribute';
import type { Pairing } from '../punches/pair';
import type { ShiftInstance } from '../shifts/shift';
import { intersect, lengthOf, sliceOf, subtract, totalOf, union, type Interval } from '../time/interval';
import type { Zone } from '../time/zone';
import { judgeMeals, type MealFault } from '../working-time/meals';
import { between, breaksTaken, deductionOf, offDutyOf, recessOf, type BreakDeduction } from './breaks';
import { roundInstant } from './rounding';
import { daysAround, windowsOn } from './split';

/** The paid time of one group and how it came about. Seconds; intervals sorted and disjoint. */
export interface Work {
  readonly group: PunchGroup;
  readonly pairing: Pairing;
  readonly payable: readonly Interval[];
  /** Those taken, by whatever punches; raw. */
  readonly breaks: readonly Interval[];
  readonly paidBreakSeconds: number;
  /** Breaks taken that are not paid, before any pay for a meal. */
  readonly unpaidBreakSeconds: number;
  /** The planned or automatic break that counted most, with what it took off; `null`: none was to be taken. */
  readonly deduction: BreakDeduction | null;
  /** Pay for unpaid breaks: paid, but not worked. */
  readonly paidMealSeconds: number;
  /** Presence that the schedule does not ask for and nobody authorised. */
  readonly clippedSeconds: number;
  readonly mealFaults: readonly MealFault[];
}

/** Turns the presence of a group into paid time. `authorised`: overtime that someone approved beforehand. */
export function workOf(
  group: PunchGroup,
  pairing: Pairing,
  policy: Policy,
  authorised: readonly Interval[],
  zone: Zone,
): Work {
  const { shift } = group;
  const allowed = policy.clip === 'schedule' ? plannedIntervals(shift, authorised) : null;
  const rounded = roundPresence(pairing.presence, policy, zone);
  const presence = allowed ? intersect(rounded, allowed) : rounded;
  const breaks = breaksTaken(pairing, shift);
  const paid = pairing.breaks.filter((each) => isPaid(lengthOf(each), policy));
  const unpaid = paid.length > 0 ? subtract(breaks, paid) : breaks;
  const offDuty = union([...roundBreaks(pairing.breaks, policy, zone), ...unpaidWindows(presence, policy, zone)]);
  const worked = offDuty.length > 0 ? subtract(presence, offDuty) : presence;
  const deduction = deductionOf(worked, unpaidBetween(rounded, offDuty, allowed, shift), shift, policy);
  const auto = placed(worked, deduction?.deductedSeconds ?? 0);
  const afterAuto = auto.length > 0 ? subtract(worked, auto) : worked;
  const meal = paidMeal(allowed ? intersect(unpaid, allowed) : unpaid, totalOf(afterAuto), policy);
  return {
    group,
    pairing,
    payable: meal.length > 0 ? union([...afterAuto, ...meal]) : afterAuto,
    breaks,
    paidBreakSeconds: totalOf(paid),
    unpaidBreakSeconds: totalOf(unpaid),
    deduction,
    paidMealSeconds: totalOf(meal),
    clippedSeconds: totalOf(rounded) - totalOf(presence),
    mealFaults: policy.meals ? judgeMeals(pairing.presence, offDutyOf(pairing), policy.meals) : [],
  };
}

/** What the schedule and the authorisations allow. */
function plannedIntervals(shift: ShiftInstance | null, authorised: readonly Interval[]): Interval[] {
  return union([...(shift?.segments ?? []), ...authorised]);
}

/** Rounding may push two intervals into each other; the shared time is paid once. */
function roundPresence(presence: readonly Interval[], policy: Policy, zone: Zone): readonly Interval[] {
  const { roundIn, roundOut } = policy;
  if (!roundIn && !roundOut) return presence;
  return union(
    presence.map(({ start, end }) => ({
      start: roundInstant(start, roundIn, zone),
      end: roundInstant(end, roundOut, zone),
    })),
  );
}

/** The punched breaks that are not paid. Going on a break is going out, coming back is coming in. */
function roundBreaks(breaks: readonly Interval[], policy: Policy, zone: Zone): readonly Interval[] {
  const { roundIn, roundOut } = policy;
  const unpaid = breaks.filter((each) => !isPaid(lengthOf(each), policy));
  if (!roundIn && !roundOut) return unpaid;
  return unpaid.map(({ start, end }) => ({
    start: roundInstant(start, roundOut, zone),
    end: roundInstant(end, roundIn, zone),
  }));
}

function isPaid(seconds: number, policy: Policy): boolean {
  if (seconds <= policy.paidBreakUpToSeconds) return true;
  return policy.unpaidMealFromSeconds !== null && seconds < policy.unpaidMealFromSeconds;
}

function unpaidWindows(presence: readonly Interval[], policy: Policy, zone: Zone): Interval[] {
  const [first, last] = [presence[0], presence.at(-1)];
  if (policy.unpaidWindows.length === 0 || !first || !last) return [];
  const days = daysAround({ start: first.start, end: last.end }, zone);
  return policy.unpaidWindows.flatMap((window) => windowsOn(days, window, zone));
}

/**
 * The stretches off duty between the first in and the last out, as they are not paid. Where the schedule clips, the time between
 * its segments is one of them, whoever was there; other time that it cuts off was worked and is no break.
 */
function unpaidBetween(
  presence: readonly Interval[],
  offDuty: readonly Interval[],
  allowed: readonly Interval[] | null,
  shift: ShiftInstance | null,
): Interval[] {
  const recess = allowed ? subtract(recessOf(shift), allowed) : [];
  return between(presence, subtract(presence, union([...offDuty, ...recess])));
}

/** A deducted break has no punches, so it has to be put somewhere: in the middle of the work, where most breaks are. */
function placed(worked: readonly Interval[], seconds: number): Interval[] {
  return seconds > 0 ? sliceOf(worked, Math.floor((totalOf(worked) - seconds) / 2), seconds) : [];
}

function paidMeal(unpaid: readonly Interval[], workedSeconds: number, policy: Policy): Interval[] {
  if (!policy.paidMeal || workedSeconds <= policy.paidMeal.afterSeconds) return [];
  return sliceOf(unpaid, 0, policy.paidMeal.seconds);
}

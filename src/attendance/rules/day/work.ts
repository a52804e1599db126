import type { Policy } from '../policy';
import type { PunchGroup } from '../punches/attribute';
import type { Pairing } from '../punches/pair';
import type { ShiftInstance } from '../shifts/shift';
import { intersect, lengthOf, sliceOf, subtract, totalOf, union, type Interval } from '../time/interval';
import type { Zone } from '../time/zone';
import { judgeMeals, type MealFault } from '../working-time/meals';
import { roundInstant } from './rounding';
import { daysAround, windowsOn } from './split';

/** The paid time of one group and how it came about. Seconds; intervals sorted and disjoint. */
export interface Work {
  readonly group: PunchGroup;
  readonly pairing: Pairing;
  readonly payable: readonly Interval[];
  readonly paidBreakSeconds: number;
  /** Punched breaks that are not paid, before any pay for a meal. */
  readonly unpaidBreakSeconds: number;
  /** Break that was taken off without a punch. */
  readonly autoBreakSeconds: number;
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
  const rounded = roundPresence(pairing.presence, policy, zone);
  const presence = policy.clip === 'schedule' ? intersect(rounded, planned(group.shift, authorised)) : rounded;
  const paid = pairing.breaks.filter((each) => isPaid(lengthOf(each), policy));
  const unpaid = pairing.breaks.filter((each) => !isPaid(lengthOf(each), policy));
  const offDuty = union([...roundBreaks(unpaid, policy, zone), ...unpaidWindows(presence, policy, zone)]);
  const worked = offDuty.length > 0 ? subtract(presence, offDuty) : presence;
  const auto = autoBreak(worked, group.shift, totalOf(unpaid), policy);
  const afterAuto = auto.length > 0 ? subtract(worked, auto) : worked;
  const meal = paidMeal(intersect(unpaid, presence), totalOf(afterAuto), policy);
  return {
    group,
    pairing,
    payable: meal.length > 0 ? union([...afterAuto, ...meal]) : afterAuto,
    paidBreakSeconds: totalOf(paid),
    unpaidBreakSeconds: totalOf(unpaid),
    autoBreakSeconds: totalOf(auto),
    paidMealSeconds: totalOf(meal),
    clippedSeconds: totalOf(rounded) - totalOf(presence),
    mealFaults: policy.meals ? judgeMeals(pairing.presence, offDutyOf(pairing), policy.meals) : [],
  };
}

/** What the schedule and the authorisations allow. */
export function planned(shift: ShiftInstance | null, authorised: readonly Interval[]): Interval[] {
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

/** Going on a break is going out, coming back is coming in. */
function roundBreaks(breaks: readonly Interval[], policy: Policy, zone: Zone): readonly Interval[] {
  const { roundIn, roundOut } = policy;
  if (!roundIn && !roundOut) return breaks;
  return breaks.map(({ start, end }) => ({
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
 * A deducted break has no punches, so it has to be put somewhere: in the middle of the work, where most breaks are.
 * What was punched as unpaid break already is not deducted again.
 */
function autoBreak(
  worked: readonly Interval[],
  shift: ShiftInstance | null,
  punchedSeconds: number,
  policy: Policy,
): Interval[] {
  const total = totalOf(worked);
  let due = total > 0 ? (shift?.breakSeconds ?? 0) : 0;
  let threshold = -1;
  for (const entry of policy.autoBreaks) {
    if (total > entry.afterSeconds && entry.afterSeconds > threshold) {
      threshold = entry.afterSeconds;
      due = Math.max(entry.seconds, shift?.breakSeconds ?? 0);
    }
  }
  const seconds = Math.min(total, Math.max(0, due - punchedSeconds));
  return seconds > 0 ? sliceOf(worked, Math.floor((total - seconds) / 2), seconds) : [];
}

function paidMeal(unpaid: readonly Interval[], workedSeconds: number, policy: Policy): Interval[] {
  if (!policy.paidMeal || workedSeconds <= policy.paidMeal.afterSeconds) return [];
  return sliceOf(unpaid, 0, policy.paidMeal.seconds);
}

/** Breaks and the gaps between out and in, raw and in order. */
function offDutyOf(pairing: Pairing): Interval[] {
  const gaps = pairing.presence.flatMap((each, index) => {
    const before = pairing.presence[index - 1];
    return before && each.start > before.end ? [{ start: before.end, end: each.start }] : [];
  });
  return union([...pairing.breaks, ...gaps]);
}

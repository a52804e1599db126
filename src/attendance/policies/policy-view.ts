import type { RoundingRule } from '../rules/day/rounding';
import { OVERTIME_RULES, type OvertimeRules, type Tier } from '../rules/overtime/rules';
import type { Policy } from '../rules/policy';
import { formatTime, type LocalRange } from '../rules/time/local-time';

const minutes = (seconds: number) => seconds / 60;
const range = ({ start, end }: LocalRange) => `${formatTime(start)}-${formatTime(end)}`;

/**
 * A complete policy in the units of the API: what `policySchema` reads, and reads into the very same policy. Whoever copies it
 * has a policy that no later change of a default moves.
 */
export function policyView(policy: Policy): Record<string, unknown> {
  const plain = Object.entries(policy).map(([name, value]: [string, unknown]) => {
    if (name === 'dedupeSeconds' || !name.endsWith('Seconds')) return [name, value];
    return [name.replace(/Seconds$/, 'Minutes'), typeof value === 'number' ? minutes(value) : value];
  });
  return {
    ...(Object.fromEntries(plain) as Record<string, unknown>),
    paidMeal: policy.paidMeal && mealView(policy.paidMeal),
    autoBreaks: policy.autoBreaks.map(mealView),
    unpaidWindows: policy.unpaidWindows.map(range),
    roundIn: policy.roundIn && roundingView(policy.roundIn),
    roundOut: policy.roundOut && roundingView(policy.roundOut),
    roundDay: policy.roundDay && roundingView(policy.roundDay),
    overtime: overtimeView(policy.overtime),
    premiums: policy.premiums.map(({ window, ...rest }) => ({ ...rest, window: range(window) })),
    meals: policy.meals?.id ?? null,
  };
}

/** The tiers of a rule set and when its week and day begin, in minutes and local times. */
export function overtimeView(rules: OvertimeRules): Record<string, unknown> {
  const { id, counts, weekStart, seventhDay } = rules;
  return {
    ...(id in OVERTIME_RULES ? { rules: id } : {}),
    counts,
    workdayStart: formatTime(rules.workdayStart, rules.workdayStart % 60 !== 0),
    weekStart,
    daily: rules.daily.map(tierView),
    weekly: rules.weekly.map(tierView),
    seventhDay: seventhDay && { ...seventhDay, tiers: seventhDay.tiers.map(tierView) },
  };
}

const mealView = ({ seconds, afterSeconds }: { readonly seconds: number; readonly afterSeconds: number }) => ({
  minutes: minutes(seconds),
  afterMinutes: minutes(afterSeconds),
});

function tierView({ afterSeconds, rate, toleranceSeconds }: Tier) {
  const tolerance = toleranceSeconds === undefined ? {} : { toleranceMinutes: minutes(toleranceSeconds) };
  return { afterMinutes: minutes(afterSeconds), rate, ...tolerance };
}

function roundingView({ mode, unitSeconds, graceSeconds, downThroughSeconds }: RoundingRule) {
  const down = downThroughSeconds === undefined ? {} : { downThroughMinutes: minutes(downThroughSeconds) };
  return { mode, unitMinutes: minutes(unitSeconds), graceMinutes: minutes(graceSeconds ?? 0), ...down };
}

import { z } from 'zod';
import type { RoundingRule } from '../day/rounding';
import { OVERTIME_RULES, type OvertimeRules, type Tier } from '../overtime/rules';
import { RuleError } from '../errors';
import { DEFAULT_POLICY, definePolicy, type Policy } from '../policy';
import type { Weekday } from '../time/calendar';
import { parseRange, parseTime } from '../time/local-time';
import { CALIFORNIA_MEALS } from '../working-time/meals';

/** Durations in minutes, to the second. */
const minutes = z
  .number()
  .min(0)
  .max(527_040)
  .transform((value) => Math.round(value * 60));
/** The code by which whoever answers the request knows a setting that is well formed and still cannot mean anything. */
const INVALID = { code: 'policy_invalid' };

/** A setting of a policy as JSON names it. */
const settingCalled = (name: string) => {
  const inMinutes = name.replace(/Seconds$/, 'Minutes');
  return inMinutes in DURATIONS ? inMinutes : name;
};

/** A fault of the rules as an issue of the schema, so that a bad request is answered with a pointer to every one. */
function ruled<In, Out>(convert: (value: In) => Out) {
  return (value: In, context: z.RefinementCtx): Out => {
    try {
      return convert(value);
    } catch (fault) {
      if (!(fault instanceof RuleError)) throw fault;
      const about = fault.fault === 'INVALID_POLICY' ? { path: [settingCalled(fault.subject)], params: INVALID } : {};
      context.addIssue({ code: 'custom', message: fault.message, ...about });
      return z.NEVER;
    }
  };
}

const localTime = z.string().regex(/^\d{1,2}:\d{2}(:\d{2})?$/);
const localRange = z
  .string()
  .regex(/^\d{1,2}:\d{2}-\d{1,2}:\d{2}$/)
  .transform(ruled(parseRange));
const weekday = z
  .number()
  .int()
  .min(0)
  .max(6)
  .transform((value) => value as Weekday);
const rate = z.number().min(1).max(10);

const tier = z
  .strictObject({ afterMinutes: minutes, rate, toleranceMinutes: minutes.optional() })
  .transform(({ afterMinutes, toleranceMinutes, ...rest }): Tier => ({
    ...rest,
    afterSeconds: afterMinutes,
    ...(toleranceMinutes === undefined ? {} : { toleranceSeconds: toleranceMinutes }),
  }));
const tiers = z.array(tier).max(10);

const rounding = z
  .strictObject({
    mode: z.enum(['down', 'up', 'nearest', 'closest']),
    unitMinutes: minutes.refine((seconds) => seconds > 0 && seconds <= 3600, {
      message: 'is a unit of more than 0 and at most 60 minutes',
      params: INVALID,
    }),
    graceMinutes: minutes.default(0),
    downThroughMinutes: minutes.optional(),
  })
  .transform(({ mode, unitMinutes, graceMinutes, downThroughMinutes }): RoundingRule => ({
    mode,
    unitSeconds: unitMinutes,
    graceSeconds: graceMinutes,
    ...(downThroughMinutes === undefined ? {} : { downThroughSeconds: downThroughMinutes }),
  }));

/** The id of a rule set that ships, with a start of week and day of its own if need be, or tiers of one's own. */
const overtime = z
  .strictObject({
    rules: z.enum(Object.keys(OVERTIME_RULES)).optional(),
    counts: z.enum(['workday', 'work_date']).optional(),
    workdayStart: localTime.transform(ruled(parseTime)).optional(),
    weekStart: weekday.optional(),
    daily: tiers.optional(),
    weekly: tiers.optional(),
    seventhDay: z
      .strictObject({ days: z.number().int().min(2).max(31), scope: z.enum(['workweek', 'rolling']), tiers })
      .nullable()
      .optional(),
  })
  .transform(({ rules, ...own }): OvertimeRules => {
    const base = (rules === undefined ? undefined : OVERTIME_RULES[rules]) ?? DEFAULT_POLICY.overtime;
    return { ...base, ...own };
  });

const premium = z.strictObject({
  name: z.string().min(1).max(60),
  window: localRange,
  weekdays: z.array(weekday).max(7).default([]),
  rate,
});

/** The names of the settings that JSON writes in minutes. */
const DURATIONS = {
  maxShiftMinutes: minutes,
  newShiftGapMinutes: minutes,
  postShiftTailMinutes: minutes,
  lateGraceMinutes: minutes,
  earlyGraceMinutes: minutes,
  severeLateMinutes: minutes.nullable(),
  absenceLateMinutes: minutes.nullable(),
  earlyInMinutes: minutes.nullable(),
  lateOutMinutes: minutes.nullable(),
  absentAfterMinutes: minutes,
  absentBelowMinutes: minutes.nullable(),
  halfDayBelowMinutes: minutes.nullable(),
  paidBreakUpToMinutes: minutes,
  unpaidMealFromMinutes: minutes.nullable(),
  breakAllowanceMinutes: minutes.nullable(),
  plannedBreakAfterMinutes: minutes.describe('the planned break of a shift is due in work longer than this'),
  minBreakMinutes: minutes.describe('unpaid time shorter than this is no break taken'),
  minDailyRestMinutes: minutes.nullable(),
  minWeeklyRestMinutes: minutes.nullable(),
  maxDayMinutes: minutes.nullable(),
  breakRequiredOverMinutes: minutes.nullable(),
};

const paidMeal = z
  .strictObject({ minutes, afterMinutes: minutes })
  .transform(({ minutes: seconds, afterMinutes }) => ({ seconds, afterSeconds: afterMinutes }));

/** A policy as JSON: every setting of `Policy`, durations in minutes, all optional; what is absent has its default. */
export const policySchema = z
  .strictObject({
    ...DURATIONS,
    dedupeSeconds: z.number().int().min(0).max(3600),
    direction: z.enum(['declared', 'alternate', 'position']),
    pairing: z.enum(['every_pair', 'first_last']),
    doubleIn: z.enum(['keep_first', 'keep_last']),
    contestedMargin: z.enum(['later_shift', 'midpoint']),
    unscheduled: z.enum(['work', 'free', 'review']),
    assignDay: z.enum(['start', 'end', 'most_worked', 'split_midnight']),
    countLateFrom: z.enum(['start', 'grace_end']),
    dayStatus: z.enum(['attendance', 'punctuality']),
    clip: z.enum(['none', 'schedule']),
    paidMeal: paidMeal.nullable(),
    autoBreaks: z
      .array(paidMeal)
      .max(5)
      .describe('taken off as far as it was not taken; of the entries reached, the one with most minutes'),
    breakThresholds: z
      .enum(['net', 'gross'])
      .describe('whether planned and automatic breaks are due by work without breaks, or with them'),
    unpaidWindows: z.array(localRange).max(5),
    roundIn: rounding.nullable(),
    roundOut: rounding.nullable(),
    roundDay: rounding.nullable(),
    overtime,
    premiums: z.array(premium).max(20),
    holidayRate: rate.nullable(),
    meals: z
      .enum(['US-CA'])
      .transform(() => CALIFORNIA_MEALS)
      .nullable(),
  })
  .partial()
  .transform(
    ruled((settings: Record<string, unknown>): Policy => {
      const named = Object.entries(settings).map(([name, value]) => [
        name in DURATIONS ? name.replace(/Minutes$/, 'Seconds') : name,
        value,
      ]);
      return definePolicy(Object.fromEntries(named) as Partial<Policy>);
    }),
  );

import { z } from 'zod';
import type { RoundingRule } from '../../../../src/attendance/rules/day/rounding';
import { parseRange } from '../../../../src/attendance/rules/time/local-time';
import { hours, minutes, number, read, text, Unsupported } from '../case';
import { mealsOf } from '../draft';
import type { RuleKeys, RuleValues } from './keys';

const optionalHours = (value: unknown, what: string) => (value === null ? null : hours(value, what));

/** Keys about what makes a day: lateness, absence, breaks, rounding. */
export const DAY_KEYS: RuleKeys = {
  lateGraceMin: (draft, value) => {
    draft.settings.lateGraceSeconds = minutes(value, 'lateGraceMin');
  },
  earlyGraceMin: (draft, value) => {
    draft.settings.earlyGraceSeconds = minutes(value, 'earlyGraceMin');
  },
  countLateFrom: (draft, value) => {
    const from = read(z.enum(['grace end', 'grace_end', 'start', 'shift start']), value, 'countLateFrom');
    draft.settings.countLateFrom = from.startsWith('grace') ? 'grace_end' : 'start';
  },
  severeLateMin: (draft, value) => {
    draft.settings.severeLateSeconds = minutes(value, 'severeLateMin');
  },
  absenceLateMin: (draft, value) => {
    draft.settings.absenceLateSeconds = minutes(value, 'absenceLateMin');
  },
  earlyInMin: (draft, value) => {
    draft.settings.earlyInSeconds = minutes(value, 'earlyInMin');
  },
  lateOutMin: (draft, value) => {
    draft.settings.lateOutSeconds = minutes(value, 'lateOutMin');
  },
  halfDayBelowHours: (draft, value) => {
    draft.settings.halfDayBelowSeconds = optionalHours(value, 'halfDayBelowHours');
  },
  absentBelowHours: (draft, value) => {
    draft.settings.absentBelowSeconds = optionalHours(value, 'absentBelowHours');
  },
  absentAfter: (draft, value) => {
    const parts = /^(\d+) (day|hour|minute)s? after window end$/.exec(text(value, 'absentAfter'));
    if (!parts) throw new Unsupported(`absentAfter: ${String(value)}`);
    const unit = { day: 86_400, hour: 3600, minute: 60 }[parts[2] ?? ''] ?? 0;
    draft.settings.absentAfterSeconds = Number(parts[1]) * unit;
  },
  unpaidBreakHours: (draft, value) => {
    draft.settings.autoBreaks = [{ afterSeconds: 0, seconds: hours(value, 'unpaidBreakHours') }];
  },
  autoDeductMealMin: (draft, value, rules) => {
    draft.settings.autoBreaks = [{ afterSeconds: afterHours(rules), seconds: minutes(value, 'autoDeductMealMin') }];
  },
  paidMealUpToMin: (draft, value, rules) => {
    draft.settings.paidMeal = { seconds: minutes(value, 'paidMealUpToMin'), afterSeconds: afterHours(rules) };
  },
  afterHours: (_, value) => {
    hours(value, 'afterHours');
  },
  paidBreakUpToMin: (draft, value) => {
    draft.settings.paidBreakUpToSeconds = minutes(value, 'paidBreakUpToMin');
  },
  unpaidMealFromMin: (draft, value) => {
    draft.settings.unpaidMealFromSeconds = minutes(value, 'unpaidMealFromMin');
  },
  breakAllowanceMin: (draft, value) => {
    draft.settings.breakAllowanceSeconds = minutes(value, 'breakAllowanceMin');
  },
  scheduledLunch: (draft, value) => {
    draft.settings.unpaidWindows = [parseRange(text(value, 'scheduledLunch'))];
  },
  mealMinMinutes: (draft, value) => {
    draft.meals = { ...mealsOf(draft), minimumSeconds: minutes(value, 'mealMinMinutes') };
    if (draft.meals.meals.length === 0)
      draft.meals = { ...draft.meals, meals: [{ dueOverSeconds: 0, byEndOfSeconds: Infinity }] };
  },
  mealBeforeEndOfHour: (draft, value) => {
    const first = {
      dueOverSeconds: hours(value, 'mealBeforeEndOfHour'),
      byEndOfSeconds: hours(value, 'mealBeforeEndOfHour'),
    };
    draft.meals = { ...mealsOf(draft), meals: [first, ...mealsOf(draft).meals.slice(1)] };
  },
  approvedOvertime: (draft, value) => {
    draft.approvedOvertime = text(value, 'approvedOvertime');
  },
  approvedCorrection: (draft, value) => {
    draft.approvedCorrection = text(value, 'approvedCorrection');
  },
  approvedLeave: (draft, value) => {
    draft.leave = text(value, 'approvedLeave');
  },
  leave: (draft, value) => {
    draft.leave = text(value, 'leave');
  },
  round: (draft, value) => {
    const { beginMin, endMin, ...rule } = read(roundingSchema, value, 'round');
    const unit = rule.unitMin ?? 0;
    draft.settings.roundIn = roundingRule({ ...rule, unitMin: beginMin ?? unit }, 'begin');
    draft.settings.roundOut = roundingRule({ ...rule, unitMin: endMin ?? unit }, 'end');
  },
  in: (draft, value) => {
    draft.settings.roundIn = roundingRule(read(roundingSchema, value, 'in'), 'begin');
  },
  out: (draft, value) => {
    draft.settings.roundOut = roundingRule(read(roundingSchema, value, 'out'), 'end');
  },
  punchRoundingMin: (draft, value) => {
    const rule = roundingRule({ unitMin: number(value, 'punchRoundingMin'), mode: 'nearest' }, 'begin');
    draft.settings.roundIn = rule;
    draft.settings.roundOut = rule;
  },
  roundDayTotal: (draft, value) => {
    draft.settings.roundDay = roundingRule(read(roundingSchema, value, 'roundDayTotal'), 'end');
  },
  roundDurationMin: (draft, value, rules) => {
    const unitMin = number(value, 'roundDurationMin');
    const { mode } = read(roundingSchema, { mode: rules.mode ?? 'default' }, 'mode');
    draft.settings.roundDay = roundingRule({ unitMin, mode }, 'end');
  },
  mode: () => undefined,
};

const roundingSchema = z.strictObject({
  mode: z.enum(['nearest', 'closest', 'up', 'down', 'floor', 'ceil', 'default']),
  unitMin: z.number().optional(),
  beginMin: z.number().optional(),
  endMin: z.number().optional(),
  graceMin: z.number().optional(),
  downThroughMinute: z.number().optional(),
  truncateSeconds: z.boolean().optional(),
});

/** `default` is outwards: a beginning goes down, an end (and a duration) up. */
function roundingRule(rule: z.infer<typeof roundingSchema>, side: 'begin' | 'end'): RoundingRule | null {
  if (rule.unitMin === undefined || rule.unitMin <= 0) return null;
  const names = { floor: 'down', ceil: 'up', default: side === 'begin' ? 'down' : 'up' } as const;
  const mode = rule.mode === 'floor' || rule.mode === 'ceil' || rule.mode === 'default' ? names[rule.mode] : rule.mode;
  return {
    mode,
    unitSeconds: rule.unitMin * 60,
    graceSeconds: (rule.graceMin ?? 0) * 60,
    ...(rule.downThroughMinute === undefined ? {} : { downThroughSeconds: rule.downThroughMinute * 60 }),
    keepSeconds: rule.truncateSeconds === false,
  };
}

function afterHours(rules: RuleValues): number {
  return rules.afterHours === undefined ? 0 : hours(rules.afterHours, 'afterHours');
}

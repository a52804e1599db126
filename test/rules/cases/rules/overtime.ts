import { z } from 'zod';
import { OVERTIME_RULES, US_CALIFORNIA, type Tier } from '../../../../src/attendance/rules/overtime/rules';
import { parseRange, parseTime } from '../../../../src/attendance/rules/time/local-time';
import { CALIFORNIA_MEALS } from '../../../../src/attendance/rules/working-time/meals';
import { hours, minutes, read, text, Unsupported } from '../case';
import { weekdayNamed, type CaseDraft } from '../draft';
import type { RuleKeys } from './keys';

/** Keys about rates. `jurisdiction` is read first, so that what a case says besides it wins; see `setup.ts`. */
export const OVERTIME_KEYS: RuleKeys = {
  jurisdiction: (draft, value) => {
    const name = text(value, 'jurisdiction');
    const rules = OVERTIME_RULES[name] ?? OVERTIME_RULES[`US-${name}`];
    if (!rules) throw new Unsupported(`jurisdiction: ${name}`);
    draft.overtime = { ...rules };
    if (rules === US_CALIFORNIA) draft.meals = CALIFORNIA_MEALS;
  },
  workweekStart: (draft, value) => {
    const [day, time] = text(value, 'workweekStart').split(' ');
    draft.overtime.weekStart = weekday(day ?? '');
    if (time !== undefined) draft.overtime.workdayStart = parseTime(time);
  },
  weekStart: (draft, value) => {
    draft.overtime.weekStart = weekday(text(value, 'weekStart'));
  },
  workdayStart: (draft, value) => {
    draft.overtime.workdayStart = parseTime(text(value, 'workdayStart'));
  },
  weeklyOvertimeAfter: (draft, value) => {
    weekly(draft, [{ afterSeconds: hours(value, 'weeklyOvertimeAfter'), rate: 1.5 }]);
  },
  dailyOvertimeAfter: (draft, value) => {
    draft.overtime.daily = [{ afterSeconds: hours(value, 'dailyOvertimeAfter'), rate: 1.5 }];
  },
  expectedDailyHours: (draft, value) => {
    draft.overtime.daily = [{ afterSeconds: hours(value, 'expectedDailyHours'), rate: 1.5 }];
  },
  toleranceMin: (draft, value) => {
    tolerate(draft, minutes(value, 'toleranceMin'));
  },
  employerToleranceMin: (draft, value) => {
    tolerate(draft, minutes(value, 'employerToleranceMin'));
  },
  daily: (draft, value) => {
    draft.overtime.daily = tiers(value, 'daily');
  },
  weekly: (draft, value) => {
    weekly(draft, tiers(value, 'weekly'));
  },
  seventhDay: (draft, value) => {
    const scope = read(z.enum(['workweek', 'rolling']), value, 'seventhDay');
    draft.overtime.seventhDay = { days: 7, scope, tiers: [{ afterSeconds: 0, rate: 1.5 }] };
  },
  premium: (draft, value) => {
    const premiums = read(z.union([premiumSchema, z.array(premiumSchema)]), value, 'premium');
    draft.settings.premiums = [premiums].flat().map(({ window, rate, name, weekdays }, index) => ({
      name: name ?? `window ${index + 1}`,
      window: parseRange(window),
      rate,
      weekdays: (weekdays ?? []).map(weekday),
    }));
  },
  holidayRate: (draft, value) => {
    draft.settings.holidayRate = read(z.number(), value, 'holidayRate');
  },
  autoCheckoutToleranceHours: (_, value) => {
    hours(value, 'autoCheckoutToleranceHours');
  },
};

/** Tolerance belongs to the tiers, so it is read after them; see `setup.ts`. */
function tolerate(draft: CaseDraft, toleranceSeconds: number): void {
  draft.overtime.daily = draft.overtime.daily.map((tier) => ({ ...tier, toleranceSeconds }));
}

const premiumSchema = z.strictObject({
  window: z.string(),
  rate: z.number(),
  name: z.string().optional(),
  weekdays: z.array(z.string()).optional(),
});

function tiers(value: unknown, what: string): Tier[] {
  const pairs = read(z.array(z.tuple([z.number(), z.number()])), value, what);
  return pairs.map(([after, rate]) => ({ afterSeconds: hours(after, what), rate }));
}

/** A rule about the week counts by the clock: a shift across the end of the week belongs to both. */
function weekly(draft: CaseDraft, rules: readonly Tier[]): void {
  draft.overtime.weekly = rules;
  draft.overtime.counts = 'workday';
}

function weekday(name: string): 0 | 1 | 2 | 3 | 4 | 5 | 6 {
  const day = weekdayNamed(name);
  if (day === null) throw new Unsupported(`weekday: ${name}`);
  return day;
}

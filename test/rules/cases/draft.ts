import { CALIFORNIA_MEALS, type MealRules } from '../../../src/attendance/rules/working-time/meals';
import { DEFAULT_POLICY, type Policy } from '../../../src/attendance/rules/policy';
import type { Weekday } from '../../../src/attendance/rules/time/calendar';

/** What a case's rules say, while they are being read; see `setup.ts` for what becomes of it. */
export interface CaseDraft {
  settings: { -readonly [Name in keyof Policy]?: Policy[Name] };
  overtime: { -readonly [Name in keyof Policy['overtime']]: Policy['overtime'][Name] };
  meals: MealRules | null;
  zone: string;
  /** Shifts of the same dates, each a list of segments; `dayOffset` counts from D. */
  shifts: { segments: string[]; onlyOn: number | null }[];
  windowBeforeSeconds: number;
  windowAfterSeconds: number;
  date: string | null;
  /** Dates relative to D (or absolute), as the case writes them. */
  days: [string, string] | null;
  assignment: [string, string | null] | null;
  employment: [string | null, string | null];
  holidays: string[];
  approvedOvertime: string | null;
  approvedCorrection: string | null;
  leave: string | null;
}

/** A rule that a case does not name is off, unlike the product's defaults: nothing but the case decides its numbers. */
export const NEUTRAL: Partial<Policy> = {
  dedupeSeconds: 0,
  maxShiftSeconds: Infinity,
  postShiftTailSeconds: 0,
  lateGraceSeconds: 0,
  earlyGraceSeconds: 0,
  paidBreakUpToSeconds: 0,
};

export function emptyCaseDraft(zone: string): CaseDraft {
  return {
    settings: { ...NEUTRAL },
    overtime: { ...DEFAULT_POLICY.overtime, id: 'case', source: 'the case' },
    meals: null,
    zone,
    shifts: [],
    windowBeforeSeconds: 3600,
    windowAfterSeconds: 3600,
    date: null,
    days: null,
    assignment: null,
    employment: [null, null],
    holidays: [],
    approvedOvertime: null,
    approvedCorrection: null,
    leave: null,
  };
}

/** A meal rule that a case spells out itself owes no premium and asks for nothing else. */
export function mealsOf(draft: CaseDraft): MealRules {
  draft.meals ??= { ...CALIFORNIA_MEALS, id: 'case', source: 'the case', meals: [], premiumSeconds: 0 };
  return draft.meals;
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

export function weekdayNamed(name: string): Weekday | null {
  const index = WEEKDAYS.indexOf(name.toLowerCase());
  return index < 0 ? null : (index as Weekday);
}

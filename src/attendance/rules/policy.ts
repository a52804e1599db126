import type { RoundingRule } from './day/rounding';
import { RuleError } from './errors';
import type { OvertimeRules, PremiumRule } from './overtime/rules';
import type { LocalRange } from './time/local-time';
import type { MealRules } from './working-time/meals';

/**
 * Every choice that the rules leave to a tenant, with its default and the reason for it. Durations are seconds.
 * A policy in use never changes: a new version applies from a date, so a past day is always computed as it was.
 */
export interface Policy {
  /** A punch of the same (or an unknown) type this close to an earlier kept one is a DUPLICATE. 60: double taps are 11 % of a real terminal file. */
  readonly dedupeSeconds: number;
  /** Where direction comes from. `declared`: the type of the punch, unknown ones alternate. `alternate`: in, out, in … whatever a terminal says. `position`: the nearer end of the shift. */
  readonly direction: 'declared' | 'alternate' | 'position';
  /** `every_pair` adds up what was worked; `first_last` counts from the first in to the last out. */
  readonly pairing: 'every_pair' | 'first_last';
  /** Which of two INs in a row opens the interval. `keep_first` never shortens what a person worked. */
  readonly doubleIn: 'keep_first' | 'keep_last';
  /** Longest interval between an in and its out, exactly this long included. Longer is a forgotten punch. 16 h. */
  readonly maxShiftSeconds: number;
  /** A gap this long between punches begins new work outside of any shift. 4 h. */
  readonly newShiftGapSeconds: number;
  /** An out this long after the end of a shift whose window is closed still belongs to it. 2 h. */
  readonly postShiftTailSeconds: number;
  /** Time that lies in the windows of two shifts: `later_shift` from the instant the earlier one ended, `midpoint` from halfway between them. The end instant itself always belongs to the ending shift. */
  readonly contestedMargin: 'later_shift' | 'midpoint';
  /** A punch outside of every shift: `work` records and flags it, `free` records it as if no shift were needed, `review` gives it no work date. `work`: hours worked must be recorded. */
  readonly unscheduled: 'work' | 'free' | 'review';
  /** The date that owns work across midnight. `start` is what people expect of a night shift. */
  readonly assignDay: 'start' | 'end' | 'most_worked' | 'split_midnight';
  /** Arriving exactly at start + grace is not late. 5 min. */
  readonly lateGraceSeconds: number;
  /** Leaving exactly at end - grace is not early. 5 min. */
  readonly earlyGraceSeconds: number;
  /** From where late and early minutes are counted once the grace is used up. */
  readonly countLateFrom: 'start' | 'grace_end';
  /** Late this much in one segment is severe, or as good as absent; `null` = no such class. */
  readonly severeLateSeconds: number | null;
  readonly absenceLateSeconds: number | null;
  /** In more than this before the start, out more than this after the end, is an exception; `null` = never. */
  readonly earlyInSeconds: number | null;
  readonly lateOutSeconds: number | null;
  /** Absence is decided this long after the window of the shift has closed, never before. 0. */
  readonly absentAfterSeconds: number;
  /** Which words a day is summed up in. `attendance`: present, half day, absent. `punctuality`: normal, late, early leave, partial, adjusted. */
  readonly dayStatus: 'attendance' | 'punctuality';
  /** Worked less than this: ABSENT (looked at first), HALF_DAY; `null` = off. */
  readonly absentBelowSeconds: number | null;
  readonly halfDayBelowSeconds: number | null;
  /** A punched break up to this long is working time (29 CFR 785.18: 5 to 20 minutes). 20 min. */
  readonly paidBreakUpToSeconds: number;
  /** A punched break from this length is a meal period and unpaid, a shorter one is paid (29 CFR 785.19: 30 minutes); `null`: every break that is not paid by the line above is unpaid. */
  readonly unpaidMealFromSeconds: number | null;
  /** Pay for up to this much of the unpaid breaks once work (breaks not counted) exceeds `afterSeconds`. Off. */
  readonly paidMeal: { readonly seconds: number; readonly afterSeconds: number } | null;
  /** Break taken off as far as it was not taken: of the entries whose `afterSeconds` is exceeded, the one with most is due. Off: time is deducted only where a tenant says so. */
  readonly autoBreaks: readonly { readonly afterSeconds: number; readonly seconds: number }[];
  /** The planned break of a shift is due in work longer than this. 4 h: nobody takes a lunch break on a day of two hours. */
  readonly plannedBreakAfterSeconds: number;
  /** What the thresholds of planned and automatic breaks are compared with: work without breaks (§§ 2, 4 ArbZG), or with them. */
  readonly breakThresholds: 'net' | 'gross';
  /** Unpaid time shorter than this is no break taken. § 4 ArbZG: 15 min. 0. */
  readonly minBreakSeconds: number;
  /** Local times that are never working time, such as a fixed lunch. */
  readonly unpaidWindows: readonly LocalRange[];
  /** Break time a day; a break begun beyond it is an exception. */
  readonly breakAllowanceSeconds: number | null;
  /** `schedule` counts only time inside the segments and inside authorised overtime. `none`: work suffered or permitted is work (29 CFR 785.11). */
  readonly clip: 'none' | 'schedule';
  /** Off, and better left off: rounding is lawful in the US only where it is neutral over time (29 CFR 785.48(b)), and never for meals in California. */
  readonly roundIn: RoundingRule | null;
  readonly roundOut: RoundingRule | null;
  /** Once on the total of a day, never per segment. */
  readonly roundDay: RoundingRule | null;
  readonly overtime: OvertimeRules;
  /** Windows and days paid at a higher rate; where it meets overtime the higher of both is paid, once. */
  readonly premiums: readonly PremiumRule[];
  readonly holidayRate: number | null;
  readonly meals: MealRules | null;
  /** Elapsed rest between two days of work; `null` = not checked. 11 h: Directive 2003/88/EC art. 3. */
  readonly minDailyRestSeconds: number | null;
  /** The longest rest that begins in a workweek; `null` = not checked. 35 h: Directive 2003/88/EC art. 5. */
  readonly minWeeklyRestSeconds: number | null;
  /** More paid time than this on a work date; `null` = not checked. */
  readonly maxDaySeconds: number | null;
  /** A break is due in work longer than this; `null` = not checked. Directive 2003/88/EC art. 4: 6 h. */
  readonly breakRequiredOverSeconds: number | null;
}

export const DEFAULT_POLICY: Policy = {
  dedupeSeconds: 60,
  direction: 'declared',
  pairing: 'every_pair',
  doubleIn: 'keep_first',
  maxShiftSeconds: 16 * 3600,
  newShiftGapSeconds: 4 * 3600,
  postShiftTailSeconds: 2 * 3600,
  contestedMargin: 'later_shift',
  unscheduled: 'work',
  assignDay: 'start',
  lateGraceSeconds: 300,
  earlyGraceSeconds: 300,
  countLateFrom: 'start',
  severeLateSeconds: null,
  absenceLateSeconds: null,
  earlyInSeconds: null,
  lateOutSeconds: null,
  absentAfterSeconds: 0,
  dayStatus: 'attendance',
  absentBelowSeconds: null,
  halfDayBelowSeconds: null,
  paidBreakUpToSeconds: 20 * 60,
  unpaidMealFromSeconds: null,
  paidMeal: null,
  autoBreaks: [],
  plannedBreakAfterSeconds: 4 * 3600,
  breakThresholds: 'net',
  minBreakSeconds: 0,
  unpaidWindows: [],
  breakAllowanceSeconds: null,
  clip: 'none',
  roundIn: null,
  roundOut: null,
  roundDay: null,
  overtime: {
    id: 'none',
    version: '1',
    source: 'no overtime rule chosen',
    counts: 'work_date',
    workdayStart: 0,
    weekStart: 1,
    daily: [],
    weekly: [],
    seventhDay: null,
  },
  premiums: [],
  holidayRate: null,
  meals: null,
  minDailyRestSeconds: null,
  minWeeklyRestSeconds: null,
  maxDaySeconds: null,
  breakRequiredOverSeconds: null,
};

/** The longest tail that does not reach into the next day's work. */
const LONGEST_TAIL = 360 * 60;

/** Completes a partial policy with the defaults. Throws INVALID_POLICY where a setting cannot mean anything. */
export function definePolicy(settings: Partial<Policy> = {}): Policy {
  const policy = { ...DEFAULT_POLICY, ...settings };
  for (const [name, value] of Object.entries(policy)) {
    if (typeof value === 'number' && !(value >= 0)) throw new RuleError('INVALID_POLICY', name);
  }
  if (policy.postShiftTailSeconds > LONGEST_TAIL) throw new RuleError('INVALID_POLICY', 'postShiftTailSeconds');
  const tiers = [...policy.overtime.daily, ...policy.overtime.weekly, ...(policy.overtime.seventhDay?.tiers ?? [])];
  if (tiers.some((tier) => !(tier.rate >= 1) || !(tier.afterSeconds >= 0))) {
    throw new RuleError('INVALID_POLICY', 'overtime');
  }
  return policy;
}

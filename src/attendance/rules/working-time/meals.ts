import type { Interval } from '../time/interval';
import { lengthOf } from '../time/interval';

/** Meal periods that the law wants, judged on the punches as they were made, never on rounded ones. Seconds. */
export interface MealRules {
  readonly id: string;
  readonly source: string;
  /** One meal for each entry once work exceeds `dueOverSeconds`; it begins at latest at the end of `byEndOfSeconds`. */
  readonly meals: readonly { readonly dueOverSeconds: number; readonly byEndOfSeconds: number }[];
  readonly minimumSeconds: number;
  /** Time off duty up to this long is a rest break, not an attempt at a meal. */
  readonly restUpToSeconds: number;
  /** Extra pay for a day with at least one fault, in seconds of the regular rate. */
  readonly premiumSeconds: number;
  /** Paid rest of `seconds` for every `perSeconds` of work or major fraction of them, none below `fromSeconds`. */
  readonly paidRest: { readonly fromSeconds: number; readonly perSeconds: number; readonly seconds: number };
}

export interface MealFault {
  readonly code: 'SHORT_MEAL' | 'LATE_MEAL' | 'MISSING_MEAL';
  /** When the meal began, or when it should have at latest. */
  readonly at: number;
  /** SHORT_MEAL: its length; LATE_MEAL: time into the shift at which it began; MISSING_MEAL: time worked. */
  readonly seconds: number;
}

/**
 * Labor Code 512: over 5 h of work a 30-minute meal no later than the end of the fifth hour, over 10 h a second no later
 * than the end of the tenth; 226.7: one hour of pay for a day on which it fails. Unrounded: Donohue v. AMN Services,
 * LLC (2021) 11 Cal.5th 58; the hours: Brinker Restaurant Corp. v. Superior Court (2012) 53 Cal.4th 1004. A waiver by
 * mutual consent (up to 6 h) is not assumed. Paid rests: IWC Wage Order 5 § 12(A), as Brinker reads it (1028-1031): ten minutes
 * from 3.5 h, twenty over 6 h, thirty over 10 h.
 */
export const CALIFORNIA_MEALS: MealRules = {
  id: 'US-CA',
  source: 'https://leginfo.legislature.ca.gov/faces/codes_displaySection.xhtml?lawCode=LAB&sectionNum=512',
  meals: [
    { dueOverSeconds: 5 * 3600, byEndOfSeconds: 5 * 3600 },
    { dueOverSeconds: 10 * 3600, byEndOfSeconds: 10 * 3600 },
  ],
  minimumSeconds: 30 * 60,
  restUpToSeconds: 20 * 60,
  premiumSeconds: 3600,
  paidRest: { fromSeconds: 3.5 * 3600, perSeconds: 4 * 3600, seconds: 600 },
};

/** `presence` and `offDuty` (breaks and gaps, sorted) of one stretch of work, both raw. */
export function judgeMeals(presence: readonly Interval[], offDuty: readonly Interval[], rules: MealRules): MealFault[] {
  const [first, last] = [presence[0], presence.at(-1)];
  if (!first || !last) return [];
  const worked = last.end - first.start - offDuty.reduce((sum, each) => sum + lengthOf(each), 0);
  const meals = offDuty.filter((each) => lengthOf(each) > rules.restUpToSeconds);
  const faults: MealFault[] = [];
  for (const [index, due] of rules.meals.entries()) {
    if (worked <= due.dueOverSeconds) break;
    const meal = meals[index];
    if (!meal) {
      faults.push({ code: 'MISSING_MEAL', at: first.start + due.byEndOfSeconds, seconds: worked });
      continue;
    }
    const into = meal.start - first.start;
    if (into > due.byEndOfSeconds) faults.push({ code: 'LATE_MEAL', at: meal.start, seconds: into });
    if (lengthOf(meal) < rules.minimumSeconds) {
      faults.push({ code: 'SHORT_MEAL', at: meal.start, seconds: lengthOf(meal) });
    }
  }
  return faults;
}

/** Seconds of paid rest that so much work entitles to. */
export function restOwed(workedSeconds: number, { fromSeconds, perSeconds, seconds }: MealRules['paidRest']): number {
  if (workedSeconds < fromSeconds) return 0;
  const isMajorFraction = workedSeconds % perSeconds > perSeconds / 2;
  return (Math.floor(workedSeconds / perSeconds) + (isMajorFraction ? 1 : 0)) * seconds;
}

import type { DayNumber } from '../time/calendar';

/** The period being closed, both ends included, and how many days after its end it may still be put right. */
export interface LockRule {
  readonly start: DayNumber;
  readonly end: DayNumber;
  readonly graceDays: number;
}

/** Two rights, each audited when used: edit in the grace that is over for others, and edit always. */
export interface LockRights {
  readonly inGrace: boolean;
  readonly always: boolean;
}

/**
 * Whether a WORK date (not the date of a punch) is closed to somebody today. After the period: open. In the period:
 * open until the last day of grace, after it for those who hold a right. Before it: open with the right to edit always.
 */
export function isLocked(workDay: DayNumber, today: DayNumber, rule: LockRule, rights: LockRights): boolean {
  if (rights.always || workDay > rule.end) return false;
  if (workDay < rule.start) return true;
  return today > rule.end + rule.graceDays && !rights.inGrace;
}

/** Days that were locked one by one. */
export type LockedDays = ReadonlySet<DayNumber>;

export type LockOutcome =
  | { readonly outcome: 'changed' | 'unchanged'; readonly locked: LockedDays }
  | {
      readonly outcome: 'refused';
      readonly code: 'DAYS_IN_APPROVED_PERIOD' | 'TOO_MANY_DATES';
      readonly locked: LockedDays;
    };

/** Locking again changes nothing and is no fault. */
export function lockDays(locked: LockedDays, days: readonly DayNumber[], maxDates = Infinity): LockOutcome {
  if (days.length > maxDates) return { outcome: 'refused', code: 'TOO_MANY_DATES', locked };
  if (days.every((day) => locked.has(day))) return { outcome: 'unchanged', locked };
  return { outcome: 'changed', locked: new Set([...locked, ...days]) };
}

/** All or nothing: one day inside an approved period refuses the call and leaves every day as it was. */
export function unlockDays(
  locked: LockedDays,
  days: readonly DayNumber[],
  isApproved: (day: DayNumber) => boolean,
  maxDates = Infinity,
): LockOutcome {
  if (days.length > maxDates) return { outcome: 'refused', code: 'TOO_MANY_DATES', locked };
  if (days.some(isApproved)) return { outcome: 'refused', code: 'DAYS_IN_APPROVED_PERIOD', locked };
  if (!days.some((day) => locked.has(day))) return { outcome: 'unchanged', locked };
  return { outcome: 'changed', locked: new Set([...locked].filter((day) => !days.includes(day))) };
}

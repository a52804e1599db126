import type { Weekday } from '../time/calendar';
import type { LocalRange } from '../time/local-time';

/** Beyond `afterSeconds` of work an hour is paid at `rate` times the regular rate. */
export interface Tier {
  readonly afterSeconds: number;
  readonly rate: number;
  /** A threshold, not a deduction: up to this much over counts as nothing, one second more and all of it counts. */
  readonly toleranceSeconds?: number;
}

/** A day that is at least the `days`-th on which a person has worked in a row; its hours have tiers of their own. */
export interface ConsecutiveDayRule {
  readonly days: number;
  /** `workweek`: the days of one workweek alone count; `rolling`: any unbroken run of days, its eighth as well as its seventh. */
  readonly scope: 'workweek' | 'rolling';
  readonly tiers: readonly Tier[];
}

/**
 * Overtime as data: which hours of a workweek earn which rate. A set in use never changes, a change of law is a new
 * `version`. Each hour is paid once at its highest rate, and an hour already paid by a daily tier does not count
 * towards the weekly tiers (no pyramiding).
 */
export interface OvertimeRules {
  readonly id: string;
  readonly version: string;
  /** Where the rule can be read. */
  readonly source: string;
  /** `workday`: 24 hours from `workdayStart`, whatever date owns the work. `work_date`: the dates that attribution gave. */
  readonly counts: 'workday' | 'work_date';
  /** Seconds from local midnight. */
  readonly workdayStart: number;
  readonly weekStart: Weekday;
  readonly daily: readonly Tier[];
  readonly weekly: readonly Tier[];
  readonly seventhDay: ConsecutiveDayRule | null;
}

/** Hours inside a local window, on given weekdays or all, that are paid at a higher rate: nights, Sundays. */
export interface PremiumRule {
  readonly name: string;
  readonly window: LocalRange;
  /** The weekdays on which a window begins; empty = every day. */
  readonly weekdays: readonly Weekday[];
  readonly rate: number;
}

const HOUR = 3600;

/** Overtime after 40 hours in a fixed workweek that stands alone; no daily overtime. */
export const US_FLSA: OvertimeRules = {
  id: 'US',
  version: '1',
  source:
    'https://www.ecfr.gov/current/title-29/subtitle-B/chapter-V/subchapter-B/part-778 (29 CFR 778.103-105; 29 USC 207(a))',
  counts: 'workday',
  workdayStart: 0,
  weekStart: 0,
  daily: [],
  weekly: [{ afterSeconds: 40 * HOUR, rate: 1.5 }],
  seventhDay: null,
};

/**
 * Over 8 h a workday, over 40 h a workweek and the first 8 h of the seventh consecutive day of work in a workweek at
 * 1.5; over 12 h a workday and over 8 h on that seventh day at 2. The seven days are those of the workweek, not any
 * seven in a row (Mendoza v. Nordstrom (2017) 2 Cal.5th 1074, on Labor Code 551-552).
 */
export const US_CALIFORNIA: OvertimeRules = {
  id: 'US-CA',
  version: '1',
  source: 'https://leginfo.legislature.ca.gov/faces/codes_displaySection.xhtml?lawCode=LAB&sectionNum=510',
  counts: 'workday',
  workdayStart: 0,
  weekStart: 0,
  daily: [
    { afterSeconds: 8 * HOUR, rate: 1.5 },
    { afterSeconds: 12 * HOUR, rate: 2 },
  ],
  weekly: [{ afterSeconds: 40 * HOUR, rate: 1.5 }],
  seventhDay: {
    days: 7,
    scope: 'workweek',
    tiers: [
      { afterSeconds: 0, rate: 1.5 },
      { afterSeconds: 8 * HOUR, rate: 2 },
    ],
  },
};

/** The rule sets that ship, by the id a tenant chooses. */
export const OVERTIME_RULES: Readonly<Record<string, OvertimeRules>> = {
  [US_FLSA.id]: US_FLSA,
  [US_CALIFORNIA.id]: US_CALIFORNIA,
};

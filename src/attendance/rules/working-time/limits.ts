import type { Interval } from '../time/interval';

/** The limits of Directive 2003/88/EC (https://eur-lex.europa.eu/eli/dir/2003/88/oj), in seconds; a tenant may set stricter ones. */
export const EU_LIMITS = {
  /** art. 3, per 24 hours */
  dailyRestSeconds: 11 * 3600,
  /** art. 4 */
  breakOverSeconds: 6 * 3600,
  /** art. 5: 24 h and the 11 h of art. 3, without interruption */
  weeklyRestSeconds: 35 * 3600,
  /** art. 6 (b), on average over the reference period of art. 16 (b), four months at most */
  weeklyAverageSeconds: 48 * 3600,
  /** art. 8 (a), on average */
  nightDailyAverageSeconds: 8 * 3600,
} as const;

/** The rests between stretches of work, elapsed: a night on which the clock springs forward is an hour shorter than the wall says. */
export function restsBetween(work: readonly Interval[]): Interval[] {
  const rests: Interval[] = [];
  for (const [index, next] of work.entries()) {
    const before = work[index - 1];
    if (before && next.start > before.end) rests.push({ start: before.end, end: next.start });
  }
  return rests;
}

/** Average seconds per week over the reference period, and whether it breaks the limit. `excludedWeeks` (leave, sickness: art. 16) are neutral. */
export function judgeWeeklyAverage(
  weeks: readonly number[],
  limitSeconds: number,
  excludedWeeks = 0,
): { average: number; violation: boolean } {
  const counted = weeks.length - excludedWeeks;
  const average = counted > 0 ? weeks.reduce((sum, each) => sum + each, 0) / counted : 0;
  return { average, violation: average > limitSeconds };
}

/**
 * A night worker's average seconds per day: work of the reference period over its days less one day of weekly rest for
 * each week (Working Time Regulations 1998 reg. 6(5), https://www.legislation.gov.uk/uksi/1998/1833/regulation/6).
 */
export function judgeNightAverage(
  workedSeconds: number,
  weeks: number,
  limitSeconds: number,
): { average: number; violation: boolean } {
  const days = weeks * 7 - weeks;
  const average = days > 0 ? workedSeconds / days : 0;
  return { average, violation: average > limitSeconds };
}

import { weekStartOf, type DayNumber } from '../time/calendar';
import { lengthOf, type Interval } from '../time/interval';
import type { ConsecutiveDayRule, OvertimeRules, Tier } from './rules';

/** Paid time on the day that counts for overtime, with the index of the day record that owns it. */
export interface CountedTime extends Interval {
  readonly day: DayNumber;
  readonly record: number;
}

/** Why an hour has its rate. `premium:<name>` and `holiday` come after overtime has been allocated. */
export type PaySource = 'regular' | 'daily' | 'weekly' | 'seventh_day' | 'holiday' | `premium:${string}`;

/** Time at one rate. `overtimeRate` is what the overtime rules alone give, `rate` what is paid. */
export interface PaidPiece extends CountedTime {
  readonly source: PaySource;
  readonly rate: number;
  readonly overtimeRate: number;
}

/**
 * Gives every second its overtime rate, week by week and in order of time. Two counters run: the one of the day and
 * the one of the week. A second goes to the daily tiers if they pay at least as much as the weekly ones, and then
 * does not feed the weekly counter: that is what keeps one hour from being overtime twice. Else it feeds it.
 * `time` in order; answers pieces in the same order that cover exactly the same seconds.
 */
export function allocate(time: readonly CountedTime[], rules: OvertimeRules): PaidPiece[] {
  const runs = rules.seventhDay ? runLengths(time, rules.seventhDay, rules) : null;
  const totals = rules.daily.some((tier) => tier.toleranceSeconds) ? dayTotals(time) : null;
  const pieces: PaidPiece[] = [];
  let day = Number.NaN;
  let week = Number.NaN;
  let dayPosition = 0;
  let weekPosition = 0;
  let daily: readonly Tier[] = [];
  let dailySource: PaySource = 'daily';
  for (const stretch of time) {
    if (stretch.day !== day) {
      day = stretch.day;
      dayPosition = 0;
      const isSeventh = rules.seventhDay !== null && (runs?.get(day) ?? 0) >= rules.seventhDay.days;
      daily = tiersOf(rules, isSeventh, totals?.get(day) ?? null);
      dailySource = isSeventh ? 'seventh_day' : 'daily';
      const start = weekStartOf(day, rules.weekStart);
      if (start !== week) {
        week = start;
        weekPosition = 0;
      }
    }
    for (let start = stretch.start; start < stretch.end;) {
      const byDay = rateAt(daily, dayPosition);
      const byWeek = rateAt(rules.weekly, weekPosition);
      const isDaily = byDay > 1 && byDay >= byWeek;
      const toDay = nextThreshold(daily, dayPosition) - dayPosition;
      const toWeek = isDaily ? Infinity : nextThreshold(rules.weekly, weekPosition) - weekPosition;
      const seconds = Math.min(stretch.end - start, toDay, toWeek);
      const rate = Math.max(byDay, byWeek);
      const source = isDaily ? dailySource : byWeek > 1 ? 'weekly' : 'regular';
      const { record } = stretch;
      pieces.push({ start, end: start + seconds, day, record, source, rate, overtimeRate: rate });
      start += seconds;
      dayPosition += seconds;
      if (!isDaily) weekPosition += seconds;
    }
  }
  return pieces;
}

function rateAt(tiers: readonly Tier[], position: number): number {
  let rate = 1;
  for (const tier of tiers) if (position >= tier.afterSeconds && tier.rate > rate) rate = tier.rate;
  return rate;
}

function nextThreshold(tiers: readonly Tier[], position: number): number {
  let next = Infinity;
  for (const tier of tiers) if (tier.afterSeconds > position && tier.afterSeconds < next) next = tier.afterSeconds;
  return next;
}

function tiersOf(rules: OvertimeRules, isSeventh: boolean, total: number | null): readonly Tier[] {
  const tiers = isSeventh && rules.seventhDay ? [...rules.daily, ...rules.seventhDay.tiers] : rules.daily;
  if (total === null) return tiers;
  return tiers.filter((tier) => total - tier.afterSeconds > (tier.toleranceSeconds ?? 0));
}

function dayTotals(time: readonly CountedTime[]): Map<DayNumber, number> {
  const totals = new Map<DayNumber, number>();
  for (const each of time) totals.set(each.day, (totals.get(each.day) ?? 0) + lengthOf(each));
  return totals;
}

/** For each day worked, the how-many-th in a row it is: within its workweek, or in an unbroken run of any length. */
function runLengths(
  time: readonly CountedTime[],
  rule: ConsecutiveDayRule,
  rules: OvertimeRules,
): Map<DayNumber, number> {
  const runs = new Map<DayNumber, number>();
  let previous = Number.NaN;
  let length = 0;
  for (const { day } of time) {
    if (day === previous) continue;
    const goesOn =
      day === previous + 1 &&
      (rule.scope === 'rolling' || weekStartOf(day, rules.weekStart) === weekStartOf(previous, rules.weekStart));
    length = goesOn ? length + 1 : 1;
    runs.set(day, length);
    previous = day;
  }
  return runs;
}

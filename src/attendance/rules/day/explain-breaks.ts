import type { Interval } from '../time/interval';
import type { BreakDeduction } from './breaks';
import { duration } from './duration';
import type { DayRecord } from './record';

/** What counted as break, what was taken off for one that was not taken, and why; one sentence each. */
export function breakLines(day: DayRecord, span: (interval: Interval) => string): string[] {
  const lines: string[] = [];
  if (day.breaks.length > 0) {
    const paid = `${duration(day.paidBreakSeconds)} are paid, ${duration(day.unpaidBreakSeconds)} are not`;
    lines.push(`Breaks: ${day.breaks.map(span).join(', ')}; ${paid}.`);
  }
  for (const each of day.breakDeductions ?? []) {
    const line = deductionLine(each);
    if (line !== null) lines.push(line);
  }
  if (day.autoBreakSeconds > 0 && day.breakDeductions === undefined) {
    lines.push(`${duration(day.autoBreakSeconds)} of break were taken off because they were not punched.`);
  }
  if (day.paidMealSeconds > 0) lines.push(`${duration(day.paidMealSeconds)} of the meal are paid.`);
  if (day.restOwedSeconds !== undefined)
    lines.push(`${duration(day.restOwedSeconds)} of paid rest are owed for ${duration(day.workedSeconds)} of work.`);
  if (day.mealPremiumSeconds > 0) lines.push(`${duration(day.mealPremiumSeconds)} of extra pay for a meal fault.`);
  return lines;
}

/** `null` for an automatic break that the work does not reach: nobody expected one. */
function deductionLine(each: BreakDeduction): string | null {
  const { origin, dueSeconds, takenSeconds, deductedSeconds, isReached } = each;
  const threshold = duration(each.afterSeconds);
  const work = each.basis === 'net' ? 'work' : 'work with its breaks';
  if (!isReached) {
    if (origin === 'automatic') return null;
    return `Nothing is taken off for the planned break of ${duration(dueSeconds)}: it is due in ${work} of more than ${threshold}.`;
  }
  const due = `A break of ${duration(dueSeconds)} is ${origin === 'planned' ? 'planned' : `due in ${work} of more than ${threshold}`}`;
  const taken = `${duration(takenSeconds)} of unpaid time count as taken${tooShort(each)}`;
  if (deductedSeconds === 0) return `${due}; ${taken}: nothing is taken off.`;
  const isLimited = deductedSeconds < dueSeconds - takenSeconds;
  const limit = isLimited ? `, so that ${threshold} of work remain` : '';
  return `${due}; ${taken}: ${duration(deductedSeconds)} are taken off${limit}.`;
}

function tooShort({ tooShortSeconds }: BreakDeduction): string {
  return tooShortSeconds > 0 ? ` (${duration(tooShortSeconds)} in pieces too short to be a break do not)` : '';
}

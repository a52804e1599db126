import type { Zone } from '../../rules/time/zone';
import type { Cells } from './cells';
import type { DayTime } from './day-readers';
import { place, type Placed } from './local-time';
import { breakSeconds, type BreakUnit } from './numbers';

/**
 * The times of a day row with the break whose length its `breakMinutes` column says, and not when it was: between in and out, in the
 * middle, from a full minute on, so that it counts like a break that was punched. Nothing is added where the row has the break as times
 * or as a gap between two pairs; a length that contradicts those, or that has no place, is an error of the row. Hours without times
 * are worked hours: the day ends later by the break.
 */
export function withBreak(
  cells: Cells,
  times: readonly DayTime[],
  zone: Zone | null,
  unit: BreakUnit | undefined,
): readonly DayTime[] {
  const text = cells.text('breakMinutes');
  if (text === '') return times;
  const length = breakSeconds(text, unit);
  const start = times[0];
  const last = times.at(-1);
  if (Number.isNaN(length)) cells.fail('invalid_break', 'breakMinutes');
  if (!(length > 0) || cells.errors.length > 0 || !start || !last) return times;
  const end = last.field === 'hours' ? { ...last, placed: later(last.placed, length, zone) } : last;
  const refuse = (detail: string) => {
    cells.fail('invalid_break', 'breakMinutes', detail);
    return times;
  };
  if (start.type !== 'in' || end.type !== 'out') return refuse('a break needs an in and an out: complete the row');
  if (times.length > 2) {
    const isSame = Math.abs(gapSeconds(times) - length) < 60;
    return isSame ? times : refuse('is not what the times of the row leave as a break: correct one of them');
  }
  const span = secondsBetween(start.placed, end.placed);
  if (length >= span) return refuse('the break is no shorter than the time between in and out: correct one of them');
  const before = Math.floor((span - length) / 120) * 60;
  const pause = (type: 'break_start' | 'break_end', seconds: number): DayTime => ({
    field: 'breakMinutes',
    type,
    placed: later(start.placed, seconds, zone),
  });
  return [start, pause('break_start', before), pause('break_end', before + length), end];
}

/** What lies between an out or the start of a break and the time behind it. */
export function gapSeconds(times: readonly DayTime[]): number {
  return times.reduce((sum, { type, placed }, index) => {
    const next = times[index + 1];
    const isAway = type === 'out' || type === 'break_start';
    return next && isAway ? sum + secondsBetween(placed, next.placed) : sum;
  }, 0);
}

export const secondsBetween = (from: Placed, to: Placed) =>
  from.at !== null && to.at !== null ? to.at - from.at : to.local - from.local;

/** So many seconds later; by the clock on the wall where the zone is not known. */
export const later = (from: Placed, seconds: number, zone: Zone | null): Placed =>
  from.at === null ? { ...from, local: from.local + seconds } : place(from.at + seconds, 0, zone);

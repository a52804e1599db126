import type { Zone } from '../../rules/time/zone';
import type { Cells } from './cells';
import type { DayTime } from './day-row';
import { place, type Placed } from './local-time';
import { minutesOf } from './numbers';

/**
 * The times of a day row with the break that its `breakMinutes` column tells without saying when: between in and out, in the
 * middle, from a full minute on, so that it counts like a break that was punched. Nothing is added where the row has the break
 * as times or as a gap between two pairs; a length that contradicts those, or that has no place, is an error of the row.
 * Hours without times are net of breaks already.
 */
export function withBreak(cells: Cells, times: readonly DayTime[], zone: Zone | null): readonly DayTime[] {
  const text = cells.text('breakMinutes');
  if (text === '' || times.some(({ field }) => field === 'hours')) return times;
  const minutes = minutesOf(text);
  const [start, end] = [times[0], times.at(-1)];
  if (Number.isNaN(minutes)) cells.fail('invalid_time', 'breakMinutes');
  if (!(minutes > 0) || cells.errors.length > 0 || !start || !end) return times;
  if (start.type !== 'in' || end.type !== 'out') {
    cells.fail('missing_value', 'breakMinutes', 'a break needs both an in and an out: complete the row');
    return times;
  }
  if (times.length > 2) {
    if (Math.abs(gapMinutes(times) - minutes) >= 1)
      cells.fail('invalid_time', 'breakMinutes', 'is not what the times of the row leave as a break: correct either');
    return times;
  }
  const length = Math.round(minutes * 60);
  const span = lengthOf(start.placed, end.placed);
  if (length >= span) {
    cells.fail('invalid_time', 'breakMinutes', 'is no shorter than the time between in and out');
    return times;
  }
  const before = Math.floor((span - length) / 120) * 60;
  const from = { field: 'breakMinutes', type: 'break_start', placed: later(start.placed, before, zone) } as const;
  const until = {
    field: 'breakMinutes',
    type: 'break_end',
    placed: later(start.placed, before + length, zone),
  } as const;
  return [start, from, until, end];
}

/** Minutes between the odd ends: from each out or start of a break to the in or end of a break behind it. */
function gapMinutes(times: readonly DayTime[]): number {
  let seconds = 0;
  times.forEach(({ type, placed }, index) => {
    const next = times[index + 1];
    if (next && (type === 'out' || type === 'break_start')) seconds += lengthOf(placed, next.placed);
  });
  return seconds / 60;
}

const lengthOf = (from: Placed, to: Placed) =>
  from.at !== null && to.at !== null ? to.at - from.at : to.local - from.local;

/** So many seconds on the line of time later; by the clock on the wall where the zone is not known. */
const later = (from: Placed, seconds: number, zone: Zone | null): Placed =>
  from.at === null ? { ...from, local: from.local + seconds } : place(from.at + seconds, 0, zone);

import { SECONDS_PER_DAY } from '../../rules/time/calendar';
import type { Cells } from './cells';
import { gapSeconds, later, secondsBetween } from './day-break';
import type { DayReaders, DayTime } from './day-readers';
import { place } from './local-time';
import { breakSeconds, hoursSeconds } from './numbers';

const NO_START =
  'the file has hours but no times: say dayStart, such as 09:00, in the request or in the mapping of a profile, or export it with start and end';

/** The hours of a row, in seconds. What is none, or more than a day holds, is its error; the answer then is of no use. */
function workedHours(cells: Cells, { hoursUnit }: DayReaders): number {
  const worked = hoursSeconds(cells.text('hours'), hoursUnit);
  if (!(worked >= 0))
    cells.fail(
      'invalid_time',
      'hours',
      `not a number of hours, such as ${hoursUnit === 'clock' ? '7.30' : '7.5'} or 7:30`,
    );
  else if (worked > SECONDS_PER_DAY)
    cells.fail('invalid_time', 'hours', 'more than the 24 hours of a day: correct it, or divide it among its dates');
  return worked;
}

/** The in and the out of a row that has hours and no times; the break of the row, if it has one, is not yet in them. */
export function timesOfHours(cells: Cells, midnight: number, readers: DayReaders): DayTime[] {
  const worked = workedHours(cells, readers);
  if (!(worked > 0) || Number.isNaN(midnight) || cells.errors.length > 0) return [];
  if (readers.dayStart === null) {
    cells.fail('missing_value', 'hours', NO_START);
    return [];
  }
  const pause = cells.text('breakMinutes') === '' ? 0 : breakSeconds(cells.text('breakMinutes'), readers.breakUnit);
  const begin = readers.entries.next(cells.text('employee'), midnight, worked + (pause || 0));
  if (Number.isNaN(begin))
    cells.fail('invalid_time', 'hours', 'the entries of this person and date are more than 24 hours');
  const first = place(midnight + readers.dayStart, null, readers.zone);
  if (first.fault)
    cells.fail(
      first.fault,
      'date',
      'the start of this day is a time that the clocks showed twice or never; choose another dayStart',
    );
  if (cells.errors.length > 0) return [];
  const start = later(first, begin, readers.zone);
  return [
    { field: 'hours', type: 'in', placed: start },
    { field: 'hours', type: 'out', placed: later(start, worked, readers.zone) },
  ];
}

/** Hours are written with one decimal, too: three minutes and less do not contradict the times. */
const ROUNDED = 180;

/** The times of a row that has hours as well: they give the out of an in, and must be what the times are, with or without the break. */
export function withHours(cells: Cells, times: readonly DayTime[], readers: DayReaders): DayTime[] {
  const worked = workedHours(cells, readers);
  const [start] = times;
  const last = times.at(-1);
  if (cells.errors.length > 0 || !start || !last) return [...times];
  if (times.length === 1 && start.type === 'in') {
    if (worked > 0) return [start, { field: 'hours', type: 'out', placed: later(start.placed, worked, readers.zone) }];
    cells.fail('invalid_time', 'hours', 'an in without an out and without hours: correct one of them');
  } else if (start.type !== 'in' || last.type !== 'out') {
    cells.fail('invalid_time', 'hours', 'hours need an in, or an in and an out: complete the row');
  } else {
    const span = secondsBetween(start.placed, last.placed);
    const pause = breakSeconds(cells.text('breakMinutes'), readers.breakUnit) || 0;
    const isSame = [0, gapSeconds(times), pause].some((away) => Math.abs(span - away - worked) <= ROUNDED);
    if (!isSame) cells.fail('invalid_time', 'hours', 'are not what lies between in and out: correct one of them');
  }
  return [...times];
}

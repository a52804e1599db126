import { SECONDS_PER_DAY } from '../../rules/time/calendar';
import type { Cells } from './cells';
import { pastMidnight } from './clock';
import { timesOfHours, withHours } from './day-hours';
import type { DayReaders, DayTime } from './day-readers';
import { withoutMidnight } from './dates';
import { isDecadesAway, place, type Placed, readAs } from './local-time';
import type { DraftType, MappingField } from './mapping';
import type { Zone } from '../../rules/time/zone';

/** A row has one date for all its times, so a fault of the date is reported once. */
const DATE_ERRORS: ReadonlySet<string> = new Set([
  'invalid_date',
  'missing_value',
  'implausible_date',
  'formula_without_value',
]);

/** In the order in which they happen. */
const TIMES: readonly (readonly [MappingField, DraftType])[] = [
  ['in', 'in'],
  ['breakStart', 'break_start'],
  ['breakEnd', 'break_end'],
  ['out', 'out'],
  ['in2', 'in'],
  ['out2', 'out'],
  ['in3', 'in'],
  ['out3', 'out'],
];

/**
 * The times of a row for a person and a day, in order. A time before the one ahead of it belongs to the next day, as on
 * a night shift; where the end has a date of its own it is an error instead. Errors are left in `cells`.
 */
export function dayTimes(cells: Cells, readers: DayReaders): DayTime[] {
  const written = TIMES.filter(([field]) => isTime(cells.text(field), readers));
  if (written.length === 0) {
    return cells.text('hours') === '' ? [] : timesOfHours(cells, readDay(cells, 'date', readers), readers);
  }
  const times: DayTime[] = [];
  let previous: Placed | null = null;
  for (const [field, type] of written) {
    const read = readTime(cells, field, readers);
    if (!read) continue;
    let { seconds } = read;
    if (previous && seconds < previous.local && !read.isDated && !isSecondPass(previous, seconds, readers.zone)) {
      seconds += SECONDS_PER_DAY * Math.ceil((previous.local - seconds) / SECONDS_PER_DAY);
    }
    const placed: Placed = settle(previous, place(seconds, read.offset, readers.zone));
    const first = times[0]?.placed.local ?? placed.local;
    if (isBefore(placed, previous) || placed.local - first > SECONDS_PER_DAY) cells.fail('end_before_start', field);
    if (placed.fault) cells.fail(placed.fault, field);
    times.push({ field, type, placed });
    previous = placed;
  }
  return cells.text('hours') === '' ? times : withHours(cells, times, readers);
}

/** Whether a cell is to be read. A status is a word: what has a digit or the mark of a time, such as `l3:00`, is a time that must be readable. */
function isTime(text: string, { ignoreTexts, clock }: DayReaders): boolean {
  return text !== '' && (!ignoreTexts || /^[=#]|[\p{N}:：]/u.test(text) || !Number.isNaN(clock(text)));
}

function readTime(cells: Cells, field: MappingField, readers: DayReaders) {
  const text = cells.text(field);
  // A whole timestamp brings its own date.
  if (text.length >= 12) {
    const stamp = readers.stamp(text);
    if (!stamp.fault && isDecadesAway(stamp.seconds, readers.now)) {
      cells.fail('implausible_date', field, readAs(stamp.seconds));
      return null;
    }
    if (!stamp.fault) return { ...stamp, isDated: true };
  }
  const clock = readers.clock(text);
  if (Number.isNaN(clock)) cells.fail('invalid_time', field, pastMidnight(text));
  const hasOwnDate = field === 'out' && cells.text('outDate') !== '';
  const midnight = readDay(cells, hasOwnDate ? 'outDate' : 'date', readers);
  const seconds = midnight + clock;
  return Number.isNaN(seconds) ? null : { seconds, offset: null, isDated: hasOwnDate };
}

function readDay(cells: Cells, field: 'date' | 'outDate', readers: DayReaders): number {
  const text = cells.text(field);
  const midnight = readers.date(withoutMidnight(text));
  const isFar = isDecadesAway(midnight, readers.now);
  if ((Number.isNaN(midnight) || isFar) && !cells.errors.some(({ code }) => DATE_ERRORS.has(code))) {
    if (isFar) cells.fail('implausible_date', field, readAs(midnight));
    else cells.fail(text === '' ? 'missing_value' : 'invalid_date', field);
  }
  return isFar ? Number.NaN : midnight;
}

/** Within one hour shown twice, a time that runs backwards is the second showing and not tomorrow. */
function isSecondPass(previous: Placed, seconds: number, zone: Zone | null): boolean {
  return previous.later !== null && place(seconds, null, zone).later !== null;
}

function settle(previous: Placed | null, placed: Placed): Placed {
  if (placed.later === null || previous?.at === undefined || previous.at === null) return placed;
  const isSecond = placed.local < previous.local;
  return isSecond ? { ...placed, at: placed.later, later: null, fault: null } : placed;
}

function isBefore(placed: Placed, previous: Placed | null): boolean {
  if (!previous) return false;
  if (placed.at !== null && previous.at !== null && !placed.fault && !previous.fault) return placed.at < previous.at;
  return placed.local < previous.local && !previous.fault;
}

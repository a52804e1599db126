import { SECONDS_PER_DAY, type DayNumber } from '../../attendance/rules/time/calendar';
import type { Zone } from '../../attendance/rules/time/zone';
import { localText } from '../../attendance/imports/reading/local-time';
import { isTerminal } from './person-days';
import type { FaultKind, GenerateOptions, Shape } from './options';
import type { Random } from './random';
import { WRITERS } from './writers';

/** A spoilt copy of a good row; `line` is written as it is. */
interface FaultyLine {
  readonly kind: FaultKind;
  readonly line: string;
}

/** Where the cells stand that are spoilt: the person, and a time with its date or beside it. */
const PLACES: Readonly<
  Record<Shape, { person: number; stamp: number } | { person: number; date: number; start: number }>
> = {
  'plain-punches': { person: 0, stamp: 2 },
  'plain-days': { person: 0, date: 1, start: 2 },
  'dingtalk-daily': { person: 3, date: 4, start: 6 },
  attlog: { person: 0, stamp: 1 },
  'attlog-5': { person: 0, stamp: 1 },
  adms: { person: 0, stamp: 1 },
  ndjson: { person: 0, stamp: 2 },
  'xlsx-punches': { person: 0, stamp: 2 },
  'xlsx-days': { person: 0, date: 1, start: 2 },
  clockify: { person: 3, date: 4, start: 5 },
  toggl: { person: 1, date: 5, start: 6 },
};
/** Of these a row can be cut off in the middle of a cell and stay a line. */
const LINES: readonly Shape[] = ['attlog', 'attlog-5', 'adms', 'ndjson'];
/** In these a quotation mark before the row opens a cell. */
const QUOTABLE: readonly Shape[] = ['plain-punches', 'plain-days', 'dingtalk-daily', 'toggl'];
/** A row of these has as many cells as it has members, or as the sheet is wide. */
const WIDTHLESS: readonly Shape[] = ['ndjson', 'xlsx-punches', 'xlsx-days'];

type Spoil = (cells: readonly string[]) => string[];

/**
 * The ways in which a row of the shape can be wrong, all of them equally often. Times that the clock skipped or showed
 * twice are among them when the days hold such a time.
 */
export class Faults {
  private readonly spoils: readonly (readonly [FaultKind, Spoil])[];

  constructor(
    private readonly options: GenerateOptions,
    zone: Zone,
    firstDay: DayNumber,
  ) {
    const { shape } = options;
    const put =
      (at: number, value: string): Spoil =>
      (cells) =>
        cells.with(at, value);
    const places = PLACES[shape];
    const { person } = places;
    const spoils: [FaultKind, Spoil][] = [
      ['duplicate', (cells) => [...cells]],
      ['unknown_person', put(person, isTerminal(options) ? '999999999' : 'NOBODY-0')],
      ['unreadable_row', (cells) => [...cells]],
    ];
    if (!isTerminal(options)) {
      spoils.push(['missing_value', put(person, '')], ['value_too_long', put(person, '9'.repeat(300))]);
      if (!WIDTHLESS.includes(shape)) spoils.push(['wrong_column_count', (cells) => cells.slice(0, -2)]);
    }
    if ('date' in places) {
      const { date, start } = places;
      spoils.push(['invalid_date', put(date, '2026-02-30')], ['invalid_time', put(start, '25:99')]);
    } else {
      const at = places.stamp;
      const space = isTerminal(options) ? ' ' : 'T';
      spoils.push(['invalid_date', put(at, `2026-02-30${space}08:00:00`)]);
      if (!isTerminal(options))
        spoils.push(['unknown_type', put(1, 'arrived')], ['invalid_time', put(at, '2026-02-03T25:99:00')]);
      for (const [kind, local] of oddTimes(zone, firstDay, options.days)) {
        spoils.push([kind, put(at, localText(local).replace('T', space))]);
      }
    }
    this.spoils = LINES.includes(shape) ? spoils : spoils.filter(([kind]) => kind !== 'unreadable_row');
  }

  spoil(random: Random, cells: readonly string[]): FaultyLine {
    const [kind, spoil] = this.spoils[random.between(0, this.spoils.length - 1)] ?? ['duplicate', () => [...cells]];
    const line = WRITERS[this.options.shape].line(spoil(cells));
    return kind === 'unreadable_row' ? { kind, line: `${line.slice(0, 12).trim()}\n` } : { kind, line };
  }

  /** A quotation mark that is never closed can only stand at the end: in the middle it swallows what follows. */
  lastLine(cells: readonly string[]): FaultyLine | null {
    const { shape } = this.options;
    if (!QUOTABLE.includes(shape)) return null;
    return { kind: 'unreadable_row', line: `"${WRITERS[shape].line(cells)}` };
  }
}

/** One time that never was and one that was twice, if the days hold them. */
function oddTimes(zone: Zone, firstDay: DayNumber, days: number): Map<FaultKind, number> {
  const found = new Map<FaultKind, number>();
  for (let hour = 0; hour < days * 24; hour += 1) {
    const local = firstDay * SECONDS_PER_DAY + hour * 3600 + 900;
    const { kind } = zone.resolve(local);
    if (kind === 'gap') found.set('nonexistent_local_time', local);
    if (kind === 'repeated') found.set('ambiguous_local_time', local);
  }
  return found;
}

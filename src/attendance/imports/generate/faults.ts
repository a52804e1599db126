import { SECONDS_PER_DAY, type DayNumber } from '../../rules/time/calendar';
import type { Zone } from '../../rules/time/zone';
import { localText } from '../reading/local-time';
import { isTerminal } from './person-days';
import type { FaultKind, GenerateOptions, Shape } from './options';
import type { Random } from './random';
import { WRITERS } from './writers';

/** A spoilt copy of a good row; `line` is written as it is. */
export interface FaultyLine {
  readonly kind: FaultKind;
  readonly line: string;
}

const PERSON: Readonly<Record<Shape, number>> = {
  'plain-punches': 0,
  'plain-days': 0,
  'dingtalk-daily': 3,
  attlog: 0,
  'attlog-5': 0,
  adms: 0,
  ndjson: 0,
};

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
    const person = PERSON[shape];
    const spoils: [FaultKind, Spoil][] = [
      ['duplicate', (cells) => [...cells]],
      ['unknown_person', put(person, isTerminal(options) ? '999999999' : 'NOBODY-0')],
      ['unreadable_row', (cells) => [...cells]],
    ];
    if (!isTerminal(options)) {
      spoils.push(['missing_value', put(person, '')], ['value_too_long', put(person, '9'.repeat(300))]);
      if (shape !== 'ndjson') spoils.push(['wrong_column_count', (cells) => cells.slice(0, -2)]);
    }
    if (shape === 'plain-days' || shape === 'dingtalk-daily') {
      const [date, start] = shape === 'plain-days' ? [1, 2] : [4, 6];
      spoils.push(['invalid_date', put(date, '2026-02-30')], ['invalid_time', put(start, '25:99')]);
    } else {
      const at = isTerminal(options) ? 1 : 2;
      const space = isTerminal(options) ? ' ' : 'T';
      spoils.push(['invalid_date', put(at, `2026-02-30${space}08:00:00`)]);
      if (!isTerminal(options))
        spoils.push(['unknown_type', put(1, 'arrived')], ['invalid_time', put(at, '2026-02-03T25:99:00')]);
      for (const [kind, local] of oddTimes(zone, firstDay, options.days)) {
        spoils.push([kind, put(at, localText(local).replace('T', space))]);
      }
    }
    this.spoils =
      shape === 'plain-punches' || shape === 'plain-days' || shape === 'dingtalk-daily'
        ? spoils.filter(([kind]) => kind !== 'unreadable_row')
        : spoils;
  }

  spoil(random: Random, cells: readonly string[]): FaultyLine {
    const [kind, spoil] = this.spoils[random.between(0, this.spoils.length - 1)] ?? ['duplicate', () => [...cells]];
    const line = WRITERS[this.options.shape].line(spoil(cells));
    return kind === 'unreadable_row' ? { kind, line: `${line.slice(0, 12).trim()}\n` } : { kind, line };
  }

  /** A quotation mark that is never closed can only stand at the end: in the middle it swallows what follows. */
  lastLine(cells: readonly string[]): FaultyLine | null {
    const { shape } = this.options;
    if (isTerminal(this.options) || shape === 'ndjson') return null;
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

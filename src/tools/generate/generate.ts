import { parseDate } from '../../attendance/rules/time/calendar';
import { zoneNamed } from '../../attendance/rules/time/zone';
import { Faults } from './faults';
import type { DayTruth, FaultKind, GenerateOptions, PunchTruth, Truth } from './options';
import { isLong, personDay } from './person-days';
import { Random } from './random';
import { dayCells, punchCells, WRITERS } from './writers';

const CHUNK = 64 * 1024;
/** People do not press the key: measured, 550 of 560 rows have state 0. */
const STATE_ZERO = 0.98;
const STATES = { in: '0', out: '1', break_start: '2', break_end: '3', unknown: '255' } as const;

interface Generated {
  /** The file in pieces of about 64 KiB, made as they are taken; for a stream, `Readable.from(text)`. */
  readonly text: Iterable<string>;
  /** Complete when `text` has ended. */
  readonly truth: Truth;
}

/** One row, good or spoilt. `punches`: how many a reader finds in it; `fault` where it is spoilt. */
interface Line {
  readonly line: string;
  readonly punches: number;
  readonly fault: FaultKind | null;
}

/**
 * A punch file of invented people with what is true about it, for tests, demonstrations and measurements: real ones
 * may not be passed on. Sorted by day, and by time within a day, as a terminal writes. A million rows take two seconds
 * and no memory. Throws INVALID_DATE, UNKNOWN_TIME_ZONE.
 */
export function generate(options: GenerateOptions): Generated {
  const truth: Truth = { seed: options.seed, rows: 0, punches: 0, readablePunches: 0, faults: {} };
  return { text: pieces(options, truth), truth };
}

function* pieces(options: GenerateOptions, truth: Truth): Generator<string> {
  let piece = WRITERS[options.shape].head;
  for (const { line, punches, fault } of lines(options)) {
    truth.rows += 1;
    truth.readablePunches += punches;
    if (fault === null) truth.punches += punches;
    else truth.faults[fault] = (truth.faults[fault] ?? 0) + 1;
    piece += line;
    if (piece.length >= CHUNK) {
      yield piece;
      piece = '';
    }
    if (truth.rows === options.maxRows) break;
  }
  if (piece !== '') yield piece;
}

function* lines(options: GenerateOptions): Generator<Line> {
  const random = new Random(options.seed);
  const firstDay = parseDate(options.from);
  const faults = new Faults(options, zoneNamed(options.timeZone), firstDay);
  const share = options.faults ?? 0.01;
  const writer = WRITERS[options.shape];
  let last: string[] | null = null;
  for (let day = firstDay; day < firstDay + options.days; day += 1) {
    for (const { cells, punches } of rowsOfDay(random, options, day)) {
      yield { line: writer.line(cells), punches, fault: null };
      last = cells;
      if (!random.chance(share)) continue;
      const { kind, line } = faults.spoil(random, cells);
      const isReadable = kind === 'duplicate' || kind === 'unknown_person';
      yield { line, punches: isReadable ? punches : 0, fault: kind };
    }
  }
  const broken = share > 0 && last ? faults.lastLine(last) : null;
  if (broken) yield { line: broken.line, punches: 0, fault: broken.kind };
}

function* rowsOfDay(
  random: Random,
  options: GenerateOptions,
  day: number,
): Generator<{ cells: string[]; punches: number }> {
  const { shape } = options;
  const truths: DayTruth[] = [];
  for (let person = 0; person < options.people; person += 1) {
    const truth = personDay(random, options, person, day);
    options.onDay?.(truth);
    truths.push(truth);
  }
  if (!isLong(options)) {
    for (const truth of truths) yield { cells: dayCells(shape, truth), punches: truth.punches.length };
    return;
  }
  const punches = truths.flatMap(({ employeeNumber, punches }) => punches.map((punch) => ({ employeeNumber, punch })));
  punches.sort((a, b) => a.punch.local - b.punch.local);
  for (const { employeeNumber, punch } of punches) {
    yield { cells: punchCells(shape, employeeNumber, punch, stateOf(random, punch)), punches: 1 };
  }
}

function stateOf(random: Random, { type }: PunchTruth): string {
  return random.chance(STATE_ZERO) ? '0' : STATES[type];
}

import { SECONDS_PER_DAY } from '../../rules/time/calendar';
import { dateReader, type ReadDate } from './dates';
import { type DateFormat, dateOrder } from './mapping';

const SHORT = /^\s*(?:\p{L}+\.?,? +)?(\d{1,2}([./-])\d{1,2}\2\d{1,2})(?=$|[\sT,])/u;
/** The date with which a text begins, where every number of it is short. */
export const shortDate = (text: string): string | undefined => SHORT.exec(text)?.[1];

/** More different ones are hardly those of one column. */
const MOST_CELLS = 10_000;
const YEAR = 365 * SECONDS_PER_DAY;
/** Nobody has punches of the months to come: a reading that lands there is as far away as can be. */
const AHEAD = YEAR / 6;
/** Nor is one chosen for a file that is older, in which a slip of one row in the other reading looks the same. */
const OLD = 5 * YEAR;

interface Tally {
  readonly format: DateFormat;
  readonly read: ReadDate;
  fits: number;
  /** The first and the last date, in seconds. */
  from: number;
  to: number;
  /** The formats in which one of the dates is another one. */
  readonly apart: Set<DateFormat>;
}

const tallyOf = (format: DateFormat): Tally => ({
  ...{ format, read: dateReader(format), fits: 0, from: Infinity, to: -Infinity, apart: new Set() },
});

/**
 * Whether dates of which every number is short, such as `26-11-16`, begin or end with their year. Any of them may be a date either way:
 * the file is read in the way that keeps it together and near today, and in none where that does not tell.
 */
export class ShortYears {
  private readonly yearFirst = tallyOf('YYYY-MM-DD');
  private readonly yearLast = [tallyOf('DD/MM/YYYY'), tallyOf('MM/DD/YYYY')];
  /** The year in front comes last. */
  private readonly readings = [...this.yearLast, this.yearFirst];
  /** Dates in all; those that are one with the year in front alone; those that differ with the year behind. */
  dates = 0;
  onlyFirst = 0;
  private differing = 0;
  /** Cells that have not been looked at, and how often each has come. */
  private readonly cells = new Map<string, number>();

  /** `now` in seconds since 1970. */
  constructor(private readonly now: number) {}

  /** Counts a cell; what it says is looked at once for all that are the same. */
  add(text: string): void {
    this.cells.set(text, (this.cells.get(text) ?? 0) + 1);
    if (this.cells.size >= MOST_CELLS) this.take();
  }

  private take(): void {
    for (const [text, count] of this.cells) {
      const date = shortDate(text);
      if (date !== undefined) this.takeDate(date, count);
    }
    this.cells.clear();
  }

  private takeDate(date: string, count: number): void {
    const read = this.readings.map((tally) => ({ tally, seconds: tallied(tally, date, count) }));
    for (const { tally, seconds } of read)
      for (const other of read) if (!Object.is(other.seconds, seconds)) tally.apart.add(other.tally.format);
    const [first = Number.NaN, ...others] = read.map(({ seconds }) => seconds).reverse();
    const last = others.filter((seconds) => !Number.isNaN(seconds));
    if (Number.isNaN(first) && last.length === 0) return;
    this.dates += count;
    if (last.length === 0) this.onlyFirst += count;
    else if (!Number.isNaN(first) && !last.includes(first)) this.differing += count;
  }

  /** `null` where nothing decides. Without such a date, and where both readings are the same, the year is behind. */
  place(): 'first' | 'last' | null {
    this.take();
    const first = this.yearFirst;
    if (this.dates === 0 || (this.differing === 0 && this.onlyFirst === 0)) return 'last';
    const last = this.yearLast.filter(({ fits }) => fits === this.dates);
    const isFirst = first.fits === this.dates;
    if (!isFirst || last.length === 0) {
      // One row that is a date in another way alone leaves no reading for all of them.
      if (isFirst) return 'first';
      return this.onlyFirst > 0 ? null : 'last';
    }
    if (last.every((each) => this.isBetter(first, each))) return 'first';
    return last.some((each) => this.isBetter(each, first)) ? 'last' : null;
  }

  /** The readings of the whole file in which it says something else than in this one; the year in front comes last. */
  others(format: DateFormat): DateFormat[] {
    this.take();
    const own = this.readings.find((tally) => tally.format === dateOrder(format));
    return this.readings
      .filter((tally) => tally.fits > 0 && tally.fits === this.dates && own?.apart.has(tally.format))
      .map((tally) => tally.format);
  }

  private isBetter(one: Tally, other: Tally): boolean {
    const [reach, further] = [this.reach(one), this.reach(other)];
    const [span, wider] = [one.to - one.from, other.to - other.from];
    return reach <= Math.min(further, OLD) && span <= wider && (further - reach > 2 * YEAR || wider - span > YEAR / 2);
  }

  private reach({ from, to }: Tally): number {
    return to - this.now > AHEAD ? 100 * YEAR : Math.max(this.now - from, to - this.now);
  }
}

function tallied(tally: Tally, date: string, count: number): number {
  const seconds = tally.read(date);
  if (Number.isNaN(seconds)) return seconds;
  tally.fits += count;
  tally.from = Math.min(tally.from, seconds);
  tally.to = Math.max(tally.to, seconds);
  return seconds;
}

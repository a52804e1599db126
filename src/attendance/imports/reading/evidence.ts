import { lookForBreaks } from './break-columns';
import type { CellColumns } from './cell-columns';
import { breakHeading } from './break-headings';
import { dateMarks, DATES, isDated } from './evidence-dates';
import { breakMarks, BREAK_MARKS, numberIn, SHORT_OF_DAY, timeMarks, TIMES } from './evidence-numbers';
import { type DateFormat, type Mapping, type MappingField, type MappingFields, TIME_FIELDS } from './mapping';
import type { Row } from './row';
import { ShortYears } from './short-years';
import { lookForTimes } from './time-columns';

/**
 * A reading of a file that could have been another one. `supported` of the rows in which the question arises (`of`) can only be read in
 * this way; `instead` is the reading that the others allow, too. `mustBeSaid`: nothing decides, and nothing is stored before somebody does.
 */
export interface Guess<About = 'dateFormat' | 'decimalTimes' | 'breakUnit' | 'column' | 'breakColumn'> {
  readonly about: About;
  /** Of `column`, of times, and `breakColumn`, of lengths of breaks: which one is not read. */
  readonly column?: string;
  readonly value: string;
  readonly instead: string;
  readonly supported: number;
  readonly of: number;
  readonly share: number;
  readonly mustBeSaid?: true;
}

/** A guess that a member of the mapping settles. */
export type SettingGuess = Guess<'dateFormat' | 'decimalTimes' | 'breakUnit'>;

const DATE_FIELDS = ['timestamp', 'date', 'outDate'] satisfies MappingField[];
const BREAK_FIELDS = ['breakMinutes'] satisfies MappingField[];

/** Whether a mapping says all that its columns could be asked for. */
export const isComplete = ({ fields, dateFormat, decimalTimes, breakUnit }: Mapping): boolean =>
  dateFormat !== undefined &&
  (decimalTimes !== undefined || TIME_FIELDS.every((field) => fields[field] === undefined)) &&
  (breakUnit !== undefined || fields.breakMinutes === undefined);

/** Whether two mappings find what a file is judged by in the same columns. */
export const haveSameEvidence = (one: MappingFields, other: MappingFields | undefined): boolean =>
  [...DATE_FIELDS, ...TIME_FIELDS, ...BREAK_FIELDS].every((field) => one[field] === other?.[field]);

/** What the rows of a file say about how their cells are to be read, counted by rows. One pass over as many rows as there are. */
export class ReadingEvidence {
  private readonly places: Readonly<Record<'dates' | 'times' | 'breaks', readonly number[]>>;
  private readonly dates = { dayFirst: 0, monthFirst: 0, either: 0, points: 0, same: 0, rows: 0, long: 0 };
  private readonly times = { hours: 0, days: 0, rows: 0, leading: 0, belowOne: 0, all: 0 };
  readonly timeColumns: CellColumns;
  readonly breakColumns: CellColumns;
  private readonly years: ShortYears;
  private readonly breaks = { minutes: 0, hours: 0, days: 0, clock: 0, rows: 0, longest: 0, decimals: 0 };
  /** What the heading of the breaks says that they count. */
  private readonly headingUnit: Mapping['breakUnit'];

  constructor(
    columns: readonly string[],
    fields: MappingFields | null,
    private readonly isWorkbook: boolean,
    now = Date.now() / 1000,
  ) {
    this.years = new ShortYears(now);
    this.timeColumns = lookForTimes(columns);
    this.breakColumns = lookForBreaks(columns);
    const placesOf = (wanted: readonly MappingField[]) =>
      wanted.map((field) => columns.indexOf(fields?.[field] ?? '')).filter((place) => place >= 0);
    this.headingUnit = breakHeading(fields?.breakMinutes ?? '')?.unit;
    this.places = { dates: placesOf(DATE_FIELDS), times: placesOf(TIME_FIELDS), breaks: placesOf(BREAK_FIELDS) };
  }

  add(rows: readonly Row[]): void {
    this.timeColumns.add(rows);
    this.breakColumns.add(rows);
    for (const { cells, fault } of rows) {
      if (fault !== undefined) continue;
      this.addDates(cells);
      this.addTimes(cells);
      this.addBreaks(cells);
    }
  }

  private addDates(cells: readonly string[]): void {
    let marks = 0;
    for (const place of this.places.dates) marks |= this.dateOf(cells[place] ?? '');
    for (const place of this.places.times) {
      const text = cells[place] ?? '';
      if (isDated(text)) marks |= this.dateOf(text);
    }
    if (marks === 0) return;
    if (marks & DATES.longYear) this.dates.long += 1;
    if ((marks & (DATES.dayFirst | DATES.monthFirst | DATES.either | DATES.none)) === 0) {
      this.dates.same += 1;
      return;
    }
    this.dates.rows += 1;
    if (marks & DATES.dayFirst) this.dates.dayFirst += 1;
    if (marks & DATES.monthFirst) this.dates.monthFirst += 1;
    if (marks & DATES.either) this.dates.either += 1;
    if (marks & DATES.points) this.dates.points += 1;
  }

  private dateOf(text: string): number {
    const marks = dateMarks(text);
    if (marks & DATES.short) this.years.add(text);
    return marks & ~DATES.short;
  }

  private addTimes(cells: readonly string[]): void {
    let marks = 0;
    for (const place of this.places.times) marks |= timeMarks(cells[place] ?? '');
    if (marks === 0) return;
    this.times.rows += 1;
    this.times.all |= marks;
    if (marks & TIMES.hours) this.times.hours += 1;
    if (marks & TIMES.leading) this.times.leading += 1;
    if ((marks & TIMES.fromTwo) === 0) this.times.days += 1;
    if (marks & TIMES.belowOne) this.times.belowOne += 1;
  }

  private addBreaks(cells: readonly string[]): void {
    let marks = 0;
    for (const place of this.places.breaks) {
      const text = cells[place] ?? '';
      const found = breakMarks(text);
      marks |= found;
      if (found !== 0) this.breaks.longest = Math.max(this.breaks.longest, numberIn(text));
    }
    if (marks === 0) return;
    this.breaks.rows += 1;
    if (marks & BREAK_MARKS.hours) this.breaks.hours += 1;
    if (marks & BREAK_MARKS.minutes) this.breaks.minutes += 1;
    if (marks & BREAK_MARKS.clock) this.breaks.clock += 1;
    if (marks & BREAK_MARKS.decimals) this.breaks.decimals += 1;
    if (marks & BREAK_MARKS.days) this.breaks.days += 1;
  }

  /** `null` where nothing decides, and where the rows contradict each other. Dates that begin with their year are understood in every format. */
  dateFormat(): DateFormat | null {
    const { dayFirst, monthFirst, either, points, same, long } = this.dates;
    const place = this.years.place();
    if (place === null || (place === 'first' && long > 0)) return null;
    if (place === 'first') return 'YYYY-MM-DD';
    if (dayFirst > 0 && monthFirst > 0) return null;
    if (dayFirst > 0) return points > 0 ? 'DD.MM.YYYY' : 'DD/MM/YYYY';
    if (monthFirst > 0) return 'MM/DD/YYYY';
    if (points > 0) return 'DD.MM.YYYY';
    if (either > 0) return null;
    return same > 0 ? 'DD/MM/YYYY' : 'YYYY-MM-DD';
  }

  /** What bare numbers are as times; undefined without any. A fraction that is always two digits below sixty is one of a clock. */
  decimalTimes(): Mapping['decimalTimes'] {
    const { rows, days, belowOne, hours, leading } = this.times;
    if (rows === 0) return undefined;
    // A workbook holds 06:00 as 0.25, and behind midnight as 1.25; whole numbers and more of them are hours beside it.
    if (this.isWorkbook && (belowOne > 0 || days === rows)) return 'days';
    if (days === rows && belowOne > 0 && leading < rows) return 'days';
    if (this.mixesTimes()) return 'days';
    return hours > 0 ? 'hours' : 'minutes';
  }

  /**
   * Whether `08.30` stands beside `0.375`: half past eight beside a part of the day, or both of them hours. Where one of the numbers can be
   * nothing but hours (`7.75`), all are; the numbers of a workbook are parts of a day, and a text with a point beside them is a clock.
   */
  mixesTimes(): boolean {
    const { all } = this.times;
    return !this.isWorkbook && (all & TIMES.part) > 0 && (all & TIMES.clock) > 0 && (all & TIMES.count) === 0;
  }

  /**
   * What bare numbers of breaks count, where the heading or the column as a whole says so. Under `breakMinutes` nobody means fractions
   * of a few minutes only: they are of hours.
   */
  breakUnit(): Mapping['breakUnit'] {
    const { rows, hours, minutes, longest, clock, decimals } = this.breaks;
    const times = this.decimalTimes();
    // As parts of an hour these would all be less than six minutes.
    if (rows > 0 && longest < (times === 'days' && this.headingUnit !== 'hours' ? 0.25 : SHORT_OF_DAY)) return 'days';
    const isOfHours = hours > 0 && longest < 3;
    if (this.headingUnit !== undefined && !(this.headingUnit === 'minutes' && isOfHours)) return this.headingUnit;
    if (times === 'minutes' && clock > 0 && decimals === 0) return 'clock';
    if (rows === 0 || (hours > 0 && minutes > 0)) return undefined;
    return hours > 0 ? 'hours' : 'minutes';
  }

  /** How dates are shown; what nothing decides is shown in one of the ways in which the whole file can be read. */
  shownAs(fallback: DateFormat): DateFormat {
    return (
      this.dateFormat() ??
      (this.years.others('YYYY-MM-DD').includes(fallback) ? fallback : this.years.others(fallback)[0]) ??
      fallback
    );
  }

  private dateGuesses(format: DateFormat): SettingGuess[] {
    const { dayFirst, monthFirst, rows } = this.dates;
    const isDecided = this.dateFormat() !== null;
    if (rows === 0 && isDecided && this.years.others(format).length === 0) return [];
    const isMonthFirst = format === 'MM/DD/YYYY';
    const swapped = isMonthFirst ? 'DD/MM/YYYY' : 'MM/DD/YYYY';
    const [other = swapped] = this.years.others(format);
    const guess =
      format === 'YYYY-MM-DD'
        ? named('dateFormat', format, other, this.years.onlyFirst, this.years.dates)
        : named('dateFormat', format, other, isMonthFirst ? monthFirst : dayFirst, rows);
    return [isDecided ? guess : { ...guess, mustBeSaid: true }];
  }

  guesses(fallback: DateFormat): SettingGuess[] {
    const guesses = this.dateGuesses(this.shownAs(fallback));
    const times = this.decimalTimes();
    if (times !== undefined) {
      const { hours, days, leading, rows: of } = this.times;
      const isOpen = this.mixesTimes();
      const supported = isOpen ? 0 : { hours, days, minutes: leading }[times];
      const guess = named('decimalTimes', times, times === 'hours' ? 'minutes' : 'hours', supported, of);
      guesses.push(isOpen ? { ...guess, mustBeSaid: true } : guess);
    }
    const { rows: of } = this.breaks;
    if (of > 0) {
      const unit = this.breakUnit() ?? 'minutes';
      const supported = unit === this.headingUnit ? of : this.breaks[unit];
      guesses.push(named('breakUnit', unit, unit === 'hours' ? 'minutes' : 'hours', supported, of));
    }
    return guesses;
  }
}

const named = (
  about: SettingGuess['about'],
  value: string,
  instead: string,
  supported: number,
  of: number,
): SettingGuess => ({
  ...{ about, value, instead, supported, of },
  share: Math.round((supported / of) * 1000) / 1000,
});

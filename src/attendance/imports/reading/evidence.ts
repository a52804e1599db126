import { dateEvidence, type DateEvidence, stampEvidence } from './evidence-dates';
import { numbersOf, type Numbers } from './evidence-numbers';
import type { DateFormat, Mapping, MappingField, MappingFields } from './mapping';
import type { Row } from './row';

/**
 * A reading of a file that could have been another one. `supported` of the rows in which the question arises (`of`) can only be read in
 * this way; `instead` is the reading that the others allow, too. `mustBeSaid`: nothing decides, and nothing is stored before somebody does.
 */
export interface Guess {
  readonly about: 'dateFormat' | 'decimalTimes' | 'breakUnit';
  readonly value: string;
  readonly instead: string;
  readonly supported: number;
  readonly of: number;
  readonly share: number;
  readonly mustBeSaid?: true;
}

const TIME_FIELDS = [
  ...(['time', 'in', 'out', 'in2', 'out2', 'in3', 'out3', 'breakStart', 'breakEnd'] as const),
] satisfies MappingField[];
const DATE_FIELDS = ['timestamp', 'date', 'outDate'] satisfies MappingField[];

/** What the rows of a file say about how their cells are to be read, counted by rows. One pass over as many rows as there are. */
export class Evidence {
  private readonly places: Readonly<Record<'dates' | 'times' | 'breaks', readonly number[]>>;
  private readonly dates = { dayFirst: 0, monthFirst: 0, either: 0, points: 0, same: 0, rows: 0 };
  private readonly times = { hours: 0, days: 0, rows: 0, leading: 0, belowOne: 0 };
  private readonly breaks = { minutes: 0, hours: 0, rows: 0 };

  constructor(
    columns: readonly string[],
    fields: MappingFields | null,
    private readonly isWorkbook: boolean,
  ) {
    const placesOf = (wanted: readonly MappingField[]) =>
      wanted.map((field) => columns.indexOf(fields?.[field] ?? '')).filter((place) => place >= 0);
    this.places = { dates: placesOf(DATE_FIELDS), times: placesOf(TIME_FIELDS), breaks: placesOf(['breakMinutes']) };
  }

  add(rows: readonly Row[]): void {
    const { dates, times, breaks } = this.places;
    for (const { cells, fault } of rows) {
      if (fault !== undefined) continue;
      this.addDates([
        ...dates.flatMap((place) => dateEvidence(cells[place] ?? '') ?? []),
        ...times.flatMap((place) => stampEvidence(cells[place] ?? '') ?? []),
      ]);
      this.addTimes(times.flatMap((place) => numbersOf(cells[place] ?? '') ?? []));
      this.addBreaks(breaks.flatMap((place) => numbersOf(cells[place] ?? '') ?? []));
    }
  }

  private addDates(found: readonly DateEvidence[]): void {
    if (found.length === 0) return;
    if (found.every(({ order }) => order === 'same')) {
      this.dates.same += 1;
      return;
    }
    this.dates.rows += 1;
    if (found.some(({ order }) => order === 'dayFirst')) this.dates.dayFirst += 1;
    if (found.some(({ order }) => order === 'monthFirst')) this.dates.monthFirst += 1;
    if (found.some(({ order }) => order === 'either')) this.dates.either += 1;
    if (found.some(({ hasPoints }) => hasPoints)) this.dates.points += 1;
  }

  private addTimes(all: readonly Numbers[]): void {
    const found = all.filter(({ isWhole, value }) => !isWhole || value <= 1);
    if (!found.some(({ isWhole }) => !isWhole)) return;
    this.times.rows += 1;
    if (found.some(({ isWhole, isClock }) => !isWhole && !isClock)) this.times.hours += 1;
    if (found.some(({ isClock, hasLeadingZero }) => isClock && hasLeadingZero)) this.times.leading += 1;
    if (found.every(({ value }) => value < 2)) this.times.days += 1;
    if (found.some(({ isWhole, value }) => !isWhole && value < 1)) this.times.belowOne += 1;
  }

  private addBreaks(found: readonly Numbers[]): void {
    const some = found.filter(({ value }) => value > 0);
    if (some.length === 0) return;
    this.breaks.rows += 1;
    if (some.some(({ isWhole, value }) => !isWhole && value < 10)) this.breaks.hours += 1;
    if (some.some(({ value }) => value >= 10)) this.breaks.minutes += 1;
  }

  /** `null` where nothing decides, and where the rows contradict each other. Dates that begin with their year are understood in every format. */
  dateFormat(): DateFormat | null {
    const { dayFirst, monthFirst, either, points, same } = this.dates;
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
    return hours > 0 ? 'hours' : 'minutes';
  }

  /** What bare numbers of breaks count, where the column as a whole says so. */
  breakUnit(): Mapping['breakUnit'] {
    const { rows, hours, minutes } = this.breaks;
    if (rows === 0 || (hours > 0 && minutes > 0)) return undefined;
    return hours > 0 ? 'hours' : 'minutes';
  }

  guesses(fallback: DateFormat): Guess[] {
    const guesses: Guess[] = [];
    const { dayFirst, monthFirst, rows } = this.dates;
    const decided = this.dateFormat();
    const format = decided ?? fallback;
    if (rows > 0) {
      const isMonthFirst = format === 'MM/DD/YYYY';
      const instead = isMonthFirst ? 'DD/MM/YYYY' : 'MM/DD/YYYY';
      const guess = named('dateFormat', format, instead, isMonthFirst ? monthFirst : dayFirst, rows);
      guesses.push(decided === null ? { ...guess, mustBeSaid: true } : guess);
    }
    const times = this.decimalTimes();
    if (times !== undefined) {
      const { hours, days, leading, rows: of } = this.times;
      const supported = { hours, days, minutes: leading }[times];
      guesses.push(named('decimalTimes', times, times === 'hours' ? 'minutes' : 'hours', supported, of));
    }
    const { rows: of } = this.breaks;
    if (of > 0) {
      const unit = this.breakUnit() ?? 'minutes';
      guesses.push(named('breakUnit', unit, unit === 'minutes' ? 'hours' : 'minutes', this.breaks[unit], of));
    }
    return guesses;
  }
}

const named = (about: Guess['about'], value: string, instead: string, supported: number, of: number): Guess => ({
  ...{ about, value, instead, supported, of },
  share: Math.round((supported / of) * 1000) / 1000,
});

import { lookForBreaks } from './break-columns';
import { BreakEvidence } from './break-evidence';
import type { CellColumns } from './cell-columns';
import { dateMarks, DATES, isDated } from './evidence-dates';
import { guessAbout, type SettingGuess } from './guess';
import { HoursEvidence } from './hours-evidence';
import { type DateFormat, type Mapping, type MappingField, type MappingFields, TIME_FIELDS } from './mapping';
import type { Row } from './row';
import { ShortYears } from './short-years';
import { lookForTimes } from './time-columns';
import { TimeEvidence } from './time-evidence';

const DATE_FIELDS = ['timestamp', 'date', 'outDate'] satisfies MappingField[];
const LENGTH_FIELDS = ['breakMinutes', 'hours'] satisfies MappingField[];

/** Whether a mapping says all that its columns could be asked for. */
export const isComplete = ({ fields, dateFormat, decimalTimes, breakUnit, hoursUnit }: Mapping): boolean =>
  dateFormat !== undefined &&
  (decimalTimes !== undefined || TIME_FIELDS.every((field) => fields[field] === undefined)) &&
  (breakUnit !== undefined || fields.breakMinutes === undefined) &&
  (hoursUnit !== undefined || fields.hours === undefined);

/** Whether two mappings find what a file is judged by in the same columns. */
export const haveSameEvidence = (one: MappingFields, other: MappingFields | undefined): boolean =>
  [...DATE_FIELDS, ...TIME_FIELDS, ...LENGTH_FIELDS].every((field) => one[field] === other?.[field]);

/** What the rows of a file say about how their cells are to be read, counted by rows. One pass over as many rows as there are. */
export class ReadingEvidence {
  private readonly places: Readonly<Record<'dates' | 'times', readonly number[]>>;
  private readonly dates = { dayFirst: 0, monthFirst: 0, either: 0, points: 0, same: 0, rows: 0, long: 0 };
  readonly times: TimeEvidence;
  readonly breaks: BreakEvidence;
  readonly hours: HoursEvidence;
  readonly timeColumns: CellColumns;
  readonly breakColumns: CellColumns;
  private readonly years: ShortYears;

  constructor(columns: readonly string[], fields: MappingFields | null, isWorkbook: boolean, now = Date.now() / 1000) {
    this.years = new ShortYears(now);
    this.timeColumns = lookForTimes(columns);
    this.breakColumns = lookForBreaks(columns);
    const placesOf = (wanted: readonly MappingField[]) =>
      wanted.map((field) => columns.indexOf(fields?.[field] ?? '')).filter((place) => place >= 0);
    this.places = { dates: placesOf(DATE_FIELDS), times: placesOf(TIME_FIELDS) };
    this.times = new TimeEvidence(this.places.times, isWorkbook);
    this.breaks = new BreakEvidence(placesOf(['breakMinutes']), fields?.breakMinutes ?? '', this.times);
    this.hours = new HoursEvidence(placesOf(['hours'])[0] ?? -1, placesOf(['in', 'out']), isWorkbook);
  }

  add(rows: readonly Row[]): void {
    this.timeColumns.add(rows);
    this.breakColumns.add(rows);
    for (const { cells, fault } of rows) {
      if (fault !== undefined) continue;
      this.addDates(cells);
      this.times.add(cells);
      this.breaks.add(cells);
      this.hours.add(cells);
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
    const counts =
      format === 'YYYY-MM-DD'
        ? ([this.years.onlyFirst, this.years.dates] as const)
        : ([isMonthFirst ? monthFirst : dayFirst, rows || this.years.dates] as const);
    return [guessAbout('dateFormat', [format, other], counts, !isDecided)];
  }

  guesses(fallback: DateFormat): SettingGuess[] {
    return [
      ...this.dateGuesses(this.shownAs(fallback)),
      ...this.times.guesses(),
      ...this.breaks.guesses(),
      ...this.hours.guesses(),
    ];
  }
}

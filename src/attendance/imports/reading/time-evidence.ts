import { timeMarks, TIMES } from './evidence-numbers';
import { guessAbout, type SettingGuess } from './guess';
import type { Mapping } from './mapping';
import type { Row } from './row';

/** What the rows of a file say about its bare numbers as times, counted by rows. */
export class TimeEvidence {
  private readonly counts = { hours: 0, days: 0, rows: 0, leading: 0, belowOne: 0, all: 0 };

  constructor(
    private readonly places: readonly number[],
    private readonly isWorkbook: boolean,
  ) {}

  add(cells: Row['cells']): void {
    let marks = 0;
    for (const place of this.places) marks |= timeMarks(cells[place] ?? '');
    if (marks === 0) return;
    this.counts.rows += 1;
    this.counts.all |= marks;
    if (marks & TIMES.hours) this.counts.hours += 1;
    if (marks & TIMES.leading) this.counts.leading += 1;
    if ((marks & TIMES.fromTwo) === 0) this.counts.days += 1;
    if (marks & TIMES.belowOne) this.counts.belowOne += 1;
  }

  /** What bare numbers are as times; undefined without any. A fraction that is always two digits below sixty is one of a clock. */
  decimalTimes(): Mapping['decimalTimes'] {
    const { rows, days, belowOne, hours, leading } = this.counts;
    if (rows === 0) return undefined;
    // A workbook holds 06:00 as 0.25, and behind midnight as 1.25; whole numbers and more of them are hours beside it.
    if (this.isWorkbook && (belowOne > 0 || days === rows)) return 'days';
    if (days === rows && belowOne > 0 && leading < rows) return 'days';
    if (this.isOpen()) return 'days';
    return hours > 0 ? 'hours' : 'minutes';
  }

  /**
   * Whether `08.30` stands beside `0.375`: half past eight beside a part of the day, or both of them hours. Where one of the numbers can be
   * nothing but hours (`7.75`), all are; the numbers of a workbook are parts of a day, and a text with a point beside them is a clock.
   */
  isOpen(): boolean {
    const { all } = this.counts;
    return !this.isWorkbook && (all & TIMES.part) > 0 && (all & TIMES.clock) > 0 && (all & TIMES.count) === 0;
  }

  guesses(): SettingGuess[] {
    const value = this.decimalTimes();
    if (value === undefined) return [];
    const { hours, days, leading: minutes, rows } = this.counts;
    const isOpen = this.isOpen();
    const supported = isOpen ? 0 : { hours, days, minutes }[value];
    return [guessAbout('decimalTimes', [value, value === 'hours' ? 'minutes' : 'hours'], [supported, rows], isOpen)];
  }
}

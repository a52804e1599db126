import { timeMarks, TIMES } from './evidence-numbers';
import { guessAbout, type SettingGuess } from './guess';
import type { Mapping } from './mapping';
import type { Row } from './row';

/** What a workbook shows as 25:30, behind the midnight of its row. */
const BEYOND = /^\s*(?:2[4-9]|3\d|4[0-7]):[0-5]\d:/;

/** What the rows of a file say about its bare numbers as times, counted by rows. */
export class TimeEvidence {
  private readonly counts = { hours: 0, days: 0, rows: 0, leading: 0, belowOne: 0, beyond: 0, commas: 0, all: 0 };

  constructor(
    private readonly places: readonly number[],
    private readonly isWorkbook: boolean,
  ) {}

  add(cells: Row['cells']): void {
    let marks = 0;
    for (const place of this.places) {
      const text = cells[place] ?? '';
      marks |= timeMarks(text);
      if (this.isWorkbook && BEYOND.test(text)) marks |= TIMES.beyond;
    }
    if (marks === 0) return;
    this.counts.rows += 1;
    this.counts.all |= marks;
    if (marks & TIMES.hours) this.counts.hours += 1;
    if (marks & TIMES.leading) this.counts.leading += 1;
    if ((marks & TIMES.fromTwo) === 0 || marks & TIMES.beyond) this.counts.days += 1;
    if (marks & TIMES.belowOne) this.counts.belowOne += 1;
    if (marks & TIMES.beyond) this.counts.beyond += 1;
    if (marks & TIMES.comma) this.counts.commas += 1;
  }

  /** What bare numbers are as times; undefined without any. A fraction that is always two digits below sixty is one of a clock. */
  decimalTimes(): Mapping['decimalTimes'] {
    const { rows, days, belowOne, beyond, hours, leading, all } = this.counts;
    if ((all & TIMES.fraction) === 0) return undefined;
    // A workbook holds 06:00 as 0.25, and behind midnight as 1.25, also where it shows 30:00; whole numbers are hours beside it.
    if (this.isWorkbook && (belowOne > 0 || beyond > 0 || days === rows)) return 'days';
    if (days === rows && belowOne > 0 && leading < rows) return 'days';
    if (this.areMixed()) return 'days';
    return hours > 0 ? 'hours' : 'minutes';
  }

  /** Whether nothing decides: numbers of two kinds are mixed, or all are like `8,30`, which is half past eight or 8:18. */
  isOpen(): boolean {
    const { commas, leading } = this.counts;
    return this.areMixed() || (commas > 0 && leading === 0 && this.decimalTimes() === 'minutes');
  }

  /**
   * Whether `08.30` stands beside `0.375`: half past eight beside a part of the day, or both of them hours. Where one of the numbers can be
   * nothing but hours (`7.75`), all are; in a workbook, which stores 09:00 as `0.375`, that would be one cell by a clock and the next in hours.
   */
  private areMixed(): boolean {
    const has = (marks: number) => (this.counts.all & marks) > 0;
    if (!this.isWorkbook) return has(TIMES.part) && has(TIMES.clock) && !has(TIMES.count);
    const ofDay = has(TIMES.part | TIMES.early) && has(TIMES.clock | TIMES.count);
    return ofDay || (has(TIMES.beyond) && has(TIMES.clock) && has(TIMES.count));
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

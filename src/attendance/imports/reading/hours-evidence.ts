import { hoursMarks, HOURS_MARKS } from './evidence-numbers';
import { guessAbout, type SettingGuess } from './guess';
import type { Mapping } from './mapping';
import type { Row } from './row';

/**
 * What the rows of a file say about the numbers of its column of hours, counted by rows. Those that have an in and an out are not asked:
 * hours that are not what lies between are an error of the row, in whatever unit.
 */
export class HoursEvidence {
  private readonly counts = { rows: 0, belowOne: 0, days: 0, clock: 0, hours: 0 };

  constructor(
    private readonly place: number,
    private readonly ends: readonly number[],
    private readonly isWorkbook: boolean,
  ) {}

  add(cells: Row['cells']): void {
    const marks = this.place < 0 ? 0 : hoursMarks(cells[this.place] ?? '');
    if (marks === 0) return;
    if (this.ends.length === 2 && this.ends.every((end) => (cells[end] ?? '').trim() !== '')) return;
    this.counts.rows += 1;
    if (marks & HOURS_MARKS.belowOne) this.counts.belowOne += 1;
    if (marks & HOURS_MARKS.days) this.counts.days += 1;
    if (marks & HOURS_MARKS.clock) this.counts.clock += 1;
    if (marks & HOURS_MARKS.hours) this.counts.hours += 1;
  }

  /**
   * What the numbers look like where that could be something else than hours, and so has to be said: all are below 1, as parts of a day
   * are, or all fractions are minutes as people round them (`7.30`, `8.45`). Undefined where nothing speaks against hours.
   */
  hoursUnit(): Mapping['hoursUnit'] {
    const { rows, belowOne, days, clock, hours } = this.counts;
    const isOfClock = clock > 0 && hours === 0;
    if (rows === 0 || belowOne < rows) return isOfClock ? 'clock' : undefined;
    if (days > 0 || this.isWorkbook) return 'days';
    return isOfClock ? 'clock' : 'hours';
  }

  guesses(): SettingGuess[] {
    const value = this.hoursUnit();
    if (value === undefined) return [];
    // What is written like hours tells them from a clock, and not from parts of a day.
    const supported = value === 'hours' ? 0 : this.counts[value];
    const instead = value === 'hours' ? 'days' : 'hours';
    return [guessAbout('hoursUnit', [value, instead], [supported, this.counts.rows], true)];
  }
}

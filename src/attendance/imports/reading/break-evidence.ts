import { breakHeading } from './break-headings';
import { breakMarks, BREAK_MARKS, numberIn, SHORT_OF_DAY } from './evidence-numbers';
import { guessAbout, type SettingGuess } from './guess';
import type { Mapping } from './mapping';
import type { Row } from './row';
import type { TimeEvidence } from './time-evidence';

/** Nobody has a break of so many hours, and hardly one of fewer minutes. */
const HOURS_OR_MINUTES = 5;

/** What the rows of a file say about the numbers of its column of breaks, counted by rows. */
export class BreakEvidence {
  private readonly counts = { minutes: 0, hours: 0, days: 0, clock: 0, rows: 0, longest: 0, decimals: 0 };
  /** What the heading of the breaks says that they count. */
  private readonly headingUnit: Mapping['breakUnit'];

  constructor(
    private readonly places: readonly number[],
    heading: string,
    private readonly times: TimeEvidence,
  ) {
    this.headingUnit = breakHeading(heading)?.unit;
  }

  add(cells: Row['cells']): void {
    let marks = 0;
    for (const place of this.places) {
      const text = cells[place] ?? '';
      const found = breakMarks(text);
      marks |= found;
      if (found !== 0) this.counts.longest = Math.max(this.counts.longest, numberIn(text));
    }
    if (marks === 0) return;
    this.counts.rows += 1;
    if (marks & BREAK_MARKS.hours) this.counts.hours += 1;
    if (marks & BREAK_MARKS.minutes) this.counts.minutes += 1;
    if (marks & BREAK_MARKS.clock) this.counts.clock += 1;
    if (marks & BREAK_MARKS.decimals) this.counts.decimals += 1;
    if (marks & BREAK_MARKS.days) this.counts.days += 1;
  }

  /**
   * What bare numbers of breaks count, where the heading or the column as a whole says so. Under `breakMinutes` nobody means fractions
   * of a few minutes only: they are of hours.
   */
  breakUnit(): Mapping['breakUnit'] {
    const { rows, hours, minutes, longest, clock, decimals } = this.counts;
    const times = this.times.decimalTimes();
    // As parts of an hour these would all be less than six minutes.
    if (rows > 0 && longest < (times === 'days' && this.headingUnit !== 'hours' ? 0.25 : SHORT_OF_DAY)) return 'days';
    const isOfHours = hours > 0 && longest < 3;
    if (this.headingUnit !== undefined && !(this.headingUnit === 'minutes' && isOfHours)) return this.headingUnit;
    if (times === 'minutes' && clock > 0 && decimals === 0) return 'clock';
    if (rows === 0) return undefined;
    return hours > 0 && minutes === 0 ? 'hours' : 'minutes';
  }

  /**
   * Whether nothing decides: all are small whole numbers, an hour or a minute each; fractions of hours stand beside minutes; or they are
   * written like times of which nobody knows whether they are those of a clock.
   */
  isOpen(): boolean {
    const { rows, hours, minutes, longest } = this.counts;
    const unit = this.breakUnit();
    if (rows === 0 || unit === 'days') return false;
    if (unit === 'clock' && this.times.isOpen()) return true;
    if (this.headingUnit !== undefined) return false;
    return hours > 0 ? minutes > 0 : longest < HOURS_OR_MINUTES;
  }

  guesses(): SettingGuess[] {
    const { rows } = this.counts;
    if (rows === 0) return [];
    const value = this.breakUnit() ?? 'minutes';
    const supported = value === this.headingUnit ? rows : this.counts[value];
    return [
      guessAbout('breakUnit', [value, value === 'hours' ? 'minutes' : 'hours'], [supported, rows], this.isOpen()),
    ];
  }
}

import { clockReader } from './clock';
import { isLengthOrPlan } from './length-headings';
import type { Row } from './row';

/** A column whose cells are times of day: `times` of the `of` that are filled. */
export interface TimeColumn {
  readonly column: string;
  readonly times: number;
  readonly of: number;
}

/** Rows that are looked at: a lunch that nobody took on the first pages is still seen, and a file of millions costs nothing. */
const MOST_ROWS = 10_000;
/** A cell here and there may hold a remark. */
const NEARLY_ALL = 0.9;
/** `08:30`, `8h30`, `5:00 pm`; a bare number may be an amount. */
const LOOKS_LIKE_TIME = /^\D{0,12}\d{1,2}(?:[:：]| ?h ?)[0-5]\d(?!\d)/iu;

/** Finds the columns of times of day, whatever they are called. */
export class TimeColumns {
  private readonly counts: { readonly column: string; readonly place: number; times: number; of: number }[];
  private readonly clock = clockReader(undefined);
  private rows = 0;

  constructor(columns: readonly string[]) {
    this.counts = columns
      .map((column, place) => ({ column, place, times: 0, of: 0 }))
      .filter(({ column }) => !isLengthOrPlan(column));
  }

  add(rows: readonly Row[]): void {
    for (const { cells, fault } of rows) {
      if (fault !== undefined) continue;
      if (this.rows++ >= MOST_ROWS) return;
      for (const count of this.counts) {
        const text = (cells[count.place] ?? '').trim();
        if (text === '') continue;
        count.of += 1;
        if (LOOKS_LIKE_TIME.test(text) && text.length < 24 && !Number.isNaN(this.clock(text))) count.times += 1;
      }
    }
  }

  found(): TimeColumn[] {
    return this.counts
      .filter(({ times, of }) => times > 0 && times >= of * NEARLY_ALL)
      .map(({ column, times, of }) => ({ column, times, of }));
  }
}

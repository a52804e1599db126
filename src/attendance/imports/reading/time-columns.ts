import { CellColumns } from './cell-columns';
import { clockReader } from './clock';
import { isLengthOrPlan } from './length-headings';

/** A column whose cells are times of day: `times` of the `of` that are filled. */
export interface TimeColumn {
  readonly column: string;
  readonly times: number;
  readonly of: number;
}

/** `08:30`, `8h30`, `5:00 pm`; a bare number may be an amount. */
const LOOKS_LIKE_TIME = /^\D{0,12}\d{1,2}(?:[:：]| ?h ?)[0-5]\d(?!\d)/iu;

/** Looks for the columns of times of day, whatever they are called. */
export function lookForTimes(columns: readonly string[]): CellColumns {
  const clock = clockReader(undefined);
  const isTime = (text: string) => LOOKS_LIKE_TIME.test(text) && text.length < 24 && !Number.isNaN(clock(text));
  return new CellColumns(
    columns,
    (heading) => !isLengthOrPlan(heading),
    (text) => (isTime(text) ? 'alike' : 'other'),
  );
}

/** The columns of times of day that were found. */
export const timesIn = (columns: CellColumns): TimeColumn[] =>
  columns.found().map(({ column, alike, of }) => ({ column, times: alike, of }));

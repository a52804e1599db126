import { CellColumns } from './cell-columns';
import { clockReader } from './clock';
import { isLengthOrPlan, namesEnd } from './length-headings';

/** A column whose cells are times of day: `times` of the `of` that are filled. */
export interface TimeColumn {
  readonly column: string;
  readonly times: number;
  readonly of: number;
}

/** `08:30`, `8h30`, `5:00 pm`; a bare number may be an amount, but for one under a heading that names an end of a span. */
const LOOKS_LIKE_TIME = /^\D{0,12}\d{1,2}(?:[:：]| ?h ?)[0-5]\d(?!\d)/iu;

/** `830`, `1715`, `8.5`, `17,30`; a whole number of hours alone may be anything. */
const NUMBER_LIKE_TIME = /^(?:(?:[01]?\d|2[0-3])[0-5]\d|(?:[01]?\d|2[0-3])[.,]\d+)$/;
const HOUR = /^(?:[01]?\d|2[0-4])$/;
/** Of the cells under a heading that names an end of a span. */
const MOST = 0.5;

/** Looks for the columns of times of day, whatever they are called. */
export function lookForTimes(columns: readonly string[]): CellColumns {
  const clock = clockReader(undefined);
  const isTime = (text: string) => LOOKS_LIKE_TIME.test(text) && text.length < 24 && !Number.isNaN(clock(text));
  const time = (text: string) => (isTime(text) ? 'alike' : 'other');
  const timeOrNumber = (text: string) => {
    if (HOUR.test(text)) return 'blank';
    return NUMBER_LIKE_TIME.test(text) ? 'alike' : time(text);
  };
  return new CellColumns(columns, (heading) => {
    if (isLengthOrPlan(heading)) return undefined;
    return namesEnd(heading) ? { judge: timeOrNumber, share: MOST } : { judge: time };
  });
}

/** The columns of times of day that were found. */
export const timesIn = (columns: CellColumns): TimeColumn[] =>
  columns.found().map(({ column, alike, of }) => ({ column, times: alike, of }));

import { remembering } from './memo';
import { shortDate } from './short-years';

const DATE = /^\s*(?:\p{L}+\.?,? +)?(\d{1,4})([./-])(\d{1,2})\2(\d{4}|\d{2})(?=$|[\sT,])/u;

const COLON = 58;
/** A point, a stroke or a hyphen. */
const isMark = (code: number) => code >= 45 && code <= 47;

/**
 * What a date in numbers says about the order of day and month, as bits, so that those of a row are added up without a list: `either` where
 * both are below 13 and differ, `none` where neither can be the month; whether points stand in it, whether its year is a long one, and
 * whether all its numbers are short, so that the year may also be in front.
 */
export const DATES = {
  dayFirst: 1,
  monthFirst: 2,
  either: 4,
  same: 8,
  none: 16,
  points: 32,
  longYear: 64,
  short: 128,
} as const;

/** The marks of a text that may begin with a date; 0 for what is no date in numbers, and for one that begins with its year. */
export function dateMarks(text: string): number {
  return beginsWithYear(text) ? 0 : marksOf(text);
}

const marksOf = remembering((text) => {
  const short = shortDate(text) === undefined ? 0 : DATES.short;
  const parts = DATE.exec(text);
  if (!parts || parts[1]?.length === 4) return short;
  const points = parts[2] === '.' ? DATES.points : 0;
  const longYear = parts[4]?.length === 4 ? DATES.longYear : 0;
  return short | orderOf(Number(parts[1]), Number(parts[3])) | points | longYear;
});

function orderOf(first: number, second: number): number {
  if (first > 12) return second > 12 ? DATES.none : DATES.dayFirst;
  if (second > 12) return DATES.monthFirst;
  return first === second ? DATES.same : DATES.either;
}

/** Whether a cell in a column of times can hold a date: `08.30.00` is a time there, and only what has one behind it is a date. */
export const isDated = (text: string): boolean =>
  !beginsWithHours(text) && /^\s*(?:\p{L}+\.?,? +)?[\d./-]+[\sT,]+[^\d+-]*\d/u.test(text);

/** `2026-…`: looked for by itself, because a file of punches has a different one in each row. */
const beginsWithYear = (text: string): boolean => text.length > 9 && isMark(text.charCodeAt(4)) && isDigits(text, 4);

/** `8:…` and `08:…`, which are neither a date nor a number. */
export const beginsWithHours = (text: string): boolean =>
  (text.charCodeAt(2) === COLON && isDigits(text, 2)) || (text.charCodeAt(1) === COLON && isDigits(text, 1));

function isDigits(text: string, count: number): boolean {
  for (let at = 0; at < count; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

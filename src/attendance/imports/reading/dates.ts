import { dateSeconds } from '../../rules/files/dialects';
import { SECONDS_PER_DAY } from '../../rules/time/calendar';
import type { DateFormat } from './mapping';
import { memo } from './memo';
import { namedDate } from './named-date';
import { orNaN } from './numbers';

/** 1900-01-01 is day 1 and Excel believes in a 29 February 1900, so day 0 is 1899-12-30 for every later date. */
const EXCEL_EPOCH_DAYS = 25_569;
/** 1954 to 2119: a bare number outside is no date of a punch. */
const SERIALS = { from: 20_000, to: 80_000 };

const ISO = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/;
const NUMBERS = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})$/;

/** Wall-clock seconds of midnight of a date; NaN for what is none. */
export type ReadDate = (text: string) => number;

/**
 * Reads dates in the format of the mapping. ISO is understood in every mapping, because a date that begins with its
 * year cannot mean anything else, and so are dates that name their month, `20260105` and Excel's day numbers. A year of
 * two digits is in front in an ISO mapping, and behind in all others. Without a format only what is understood in every
 * mapping is a date.
 */
export function dateReader(format: DateFormat | undefined): ReadDate {
  return memo((text) => {
    const named = /\p{L}/u.test(text) ? namedDate(text.normalize('NFKC').trim()) : null;
    if (named) return orNaN(() => dateSeconds([fullYear(named[0]), named[1], named[2]].join('-'), 'YYYY-MM-DD'));
    const plain = withoutWeekday(text);
    const iso = ISO.exec(plain) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(plain);
    if (iso) return orNaN(() => dateSeconds(`${iso[1] ?? ''}-${iso[2] ?? ''}-${iso[3] ?? ''}`, 'YYYY-MM-DD'));
    if (/^\d{5}$/.test(plain)) return serialSeconds(Number(plain));
    if (format === 'YYYY-MM-DD') {
      const short = /^(\d{2})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(plain);
      return short ? orNaN(() => dateSeconds(`20${short.slice(1).join('-')}`, 'YYYY-MM-DD')) : Number.NaN;
    }
    const parts = NUMBERS.exec(plain);
    if (!parts || format === undefined) return Number.NaN;
    const [first = '', second = '', year = ''] = parts.slice(1);
    const order = format === 'MM/DD/YYYY' ? 'MM/DD/YYYY' : 'DD/MM/YYYY';
    return orNaN(() => dateSeconds(`${first}/${second}/${fullYear(year)}`, order));
  }, Number.NaN);
}

/** A date may come with the midnight at its beginning, as databases and workbooks hold it: `18/11/2026 00:00:00.000`, `11/18/2026 12:00:00 AM`. */
export const withoutMidnight = (text: string): string =>
  text.replace(/[T ]+(?:00:00(?::00(?:[.,]0+)?)?|12:00(?::00(?:\.0+)?)? ?AM)$/i, '');

const fullYear = (year: string) => (year.length === 2 ? `20${year}` : year);

/** A weekday may stand behind the date, as DingTalk and many spreadsheets put it there, or in front of it. */
const withoutWeekday = (text: string): string => text.trim().replace(/[\s,]+\p{L}+\.?$|^\p{L}+\.?,? +(?=\d)/gu, '');

/** Wall-clock seconds of Excel's number of a day and its fraction; NaN outside the years in which anybody punched. */
export function serialSeconds(serial: number): number {
  const isDate = serial >= SERIALS.from && serial < SERIALS.to;
  return isDate ? Math.round((serial - EXCEL_EPOCH_DAYS) * SECONDS_PER_DAY) : Number.NaN;
}

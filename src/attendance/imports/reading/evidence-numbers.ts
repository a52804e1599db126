import { beginsWithHours } from './evidence-dates';
import { remembering } from './memo';

const NUMBER = /^\s*(\d{1,3})(?:([.,])(\d+))?\s*$/;

/** A bare number, and whether it could be a time of a clock: two digits below sixty behind a point. */
interface Numbers {
  readonly value: number;
  readonly isWhole: boolean;
  readonly isClock: boolean;
  readonly hasLeadingZero: boolean;
}

/** Undefined for what is no bare number. */
function numbersOf(text: string): Numbers | undefined {
  const parts = NUMBER.exec(text);
  if (!parts) return undefined;
  const [, whole = '', mark, fraction] = parts;
  return {
    value: Number(`${whole}.${fraction ?? '0'}`),
    isWhole: fraction === undefined,
    isClock: mark === '.' && /^[0-5]\d$/.test(fraction ?? ''),
    hasLeadingZero: /^0\d/.test(whole),
  };
}

/**
 * What a bare number says as a time, as bits, so that those of a row are added up without a list. A whole number says nothing beside one
 * that is not above 1, which may be the end of a day. `part`: below 1, and no minutes of a clock (`0.375`); `clock`: from 2, and minutes of
 * one (`08.30`); `count`: from 2, and none (`7.75`).
 */
export const TIMES = {
  fraction: 1,
  hours: 2,
  leading: 4,
  fromTwo: 8,
  belowOne: 16,
  part: 32,
  clock: 64,
  count: 128,
} as const;

/** The marks of a cell in a column of times; 0 for what is no bare number. A time with the h of its hours, `8.30 h`, says as much as one without. */
export function timeMarks(text: string): number {
  return beginsWithHours(text) ? 0 : marksOfTime(text);
}

const marksOfTime = remembering((text) => {
  const found = numbersOf(text.replace(/ *h\s*$/i, ''));
  if (!found || found.isWhole) return 0;
  const { value, isClock, hasLeadingZero } = found;
  return (
    TIMES.fraction |
    (isClock ? (hasLeadingZero ? TIMES.leading : 0) : TIMES.hours) |
    (value < 2 ? 0 : TIMES.fromTwo | (isClock ? TIMES.clock : TIMES.count)) |
    (value < 1 ? TIMES.belowOne | (isClock ? 0 : TIMES.part) : 0)
  );
});

/** What a bare number above 0 says as the length of a break: `hours` is a fraction below ten, `minutes` ten and more, `days` less than a tenth. */
export const BREAK_MARKS = { number: 1, hours: 2, minutes: 4, clock: 8, decimals: 16, days: 32 } as const;
/** A break of fewer hours than this is none, and in parts of a day it is up to two hours and 24 minutes. */
export const SHORT_OF_DAY = 0.1;

/** The marks of a cell in a column of breaks; 0 for what is no bare number, and for 0. */
export const breakMarks = remembering((text) => {
  const found = numbersOf(text);
  if (!found || found.value === 0) return 0;
  const { value, isWhole, isClock } = found;
  return (
    BREAK_MARKS.number |
    (!isWhole && value < 10 ? BREAK_MARKS.hours : 0) |
    (value >= 10 ? BREAK_MARKS.minutes : 0) |
    (isClock ? BREAK_MARKS.clock : 0) |
    (!isWhole && !isClock ? BREAK_MARKS.decimals : 0) |
    (value < SHORT_OF_DAY ? BREAK_MARKS.days : 0)
  );
});

/** The number that a cell with marks holds. */
export const numberIn = remembering((text) => numbersOf(text)?.value ?? 0);

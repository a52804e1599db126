import { beginsWithHours } from './evidence-dates';
import { remembering } from './memo';

const NUMBER = /^\s*(\d{1,3})(?:([.,])(\d+))?\s*$/;

/** A bare number, and whether it could be a time of a clock: two digits below sixty behind a point or a comma. */
interface Numbers {
  readonly value: number;
  readonly isWhole: boolean;
  readonly isClock: boolean;
  /** Two digits of a clock behind a comma, which is the mark of a fraction, too. */
  readonly hasComma: boolean;
  readonly hasLeadingZero: boolean;
}

/** Undefined for what is no bare number. */
function numbersOf(text: string): Numbers | undefined {
  const parts = NUMBER.exec(text);
  if (!parts) return undefined;
  const [, whole = '', mark, fraction] = parts;
  const isClock = /^[0-5]\d$/.test(fraction ?? '');
  return {
    value: Number(`${whole}.${fraction ?? '0'}`),
    isWhole: fraction === undefined,
    isClock,
    hasComma: isClock && mark === ',',
    hasLeadingZero: /^0\d/.test(whole),
  };
}

/**
 * What a bare number says as a time, as bits, so that those of a row are added up without a list. A whole number says nothing beside one
 * that is not above 1, which may be the end of a day. `part`: below 1, and no minutes of a clock (`0.375`); `early`: below 1, and such minutes
 * (`0.25`); `clock`: minutes of one from 2 on, or behind a zero (`08.30`); `count`: from 2, and none (`7.75`); `comma`: minutes of a clock, or a
 * fraction, behind a comma (`8,30`). `beyond` is of a workbook, of what it shows as 25:30.
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
  comma: 256,
  early: 512,
  beyond: 1024,
} as const;

/** The marks of a cell in a column of times; 0 for what is no bare number. A time with the h of its hours, `8.30 h`, says as much as one without. */
export function timeMarks(text: string): number {
  return beginsWithHours(text) ? 0 : marksOfTime(text);
}

const marksOfTime = remembering((text) => {
  const found = numbersOf(text.replace(/ *h\s*$/i, ''));
  if (!found || found.isWhole) return 0;
  const { value, isClock, hasComma, hasLeadingZero } = found;
  const below = value < 1 ? TIMES.belowOne : 0;
  const from = value < 2 ? 0 : TIMES.fromTwo;
  if (!isClock) return TIMES.fraction | TIMES.hours | below | from | (below && TIMES.part) | (from && TIMES.count);
  return (
    TIMES.fraction |
    below |
    from |
    (hasLeadingZero ? TIMES.leading | TIMES.clock : below && TIMES.early) |
    (from && TIMES.clock) |
    (hasComma && !Number.isInteger(value) ? TIMES.comma : 0)
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

/**
 * What a bare number above 0 says as hours: `days` is below 1 with three digits and more, as 9:00 in parts of a day, `clock` five minutes or
 * a multiple of them that is no quarter of an hour (`7.30`), `hours` a fraction that is none of a clock, or not of such minutes.
 */
export const HOURS_MARKS = { number: 1, belowOne: 2, days: 4, clock: 8, hours: 16 } as const;

/** The marks of a cell in a column of hours; 0 for what is no bare number, and for 0. */
export const hoursMarks = remembering((text) => {
  const found = numbersOf(text);
  if (!found || found.value === 0) return 0;
  const { value, isWhole, isClock } = found;
  const below = value < 1 ? HOURS_MARKS.belowOne : 0;
  const hundredths = Math.round((value % 1) * 100);
  if (isWhole || (isClock && hundredths % 25 === 0)) return HOURS_MARKS.number | below;
  if (isClock && hundredths % 5 === 0) return HOURS_MARKS.number | below | HOURS_MARKS.clock;
  const isPart = value < 1 && !Number.isInteger(Math.round(value * 1e6) / 1e4);
  return HOURS_MARKS.number | below | (isPart ? HOURS_MARKS.days : HOURS_MARKS.hours);
});

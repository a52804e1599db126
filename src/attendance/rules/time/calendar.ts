import { RuleError } from '../errors';

/** A local calendar date as the number of days since 1970-01-01. Arithmetic on dates never touches a clock or a zone. */
export type DayNumber = number;

/** 0 = Sunday … 6 = Saturday, as in the API. */
export type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6;

export const SECONDS_PER_DAY = 86_400;

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const dates = new Map<DayNumber, string>();
const days = new Map<string, DayNumber>();
const CACHE_LIMIT = 50_000;

/** `2026-03-29` -> day number. Throws INVALID_DATE for any text that is not a real date. */
export function parseDate(text: string): DayNumber {
  const known = days.get(text);
  if (known !== undefined) return known;
  const parts = DATE.exec(text);
  if (!parts) throw new RuleError('INVALID_DATE', text);
  const day = dayOf(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  if (formatDate(day) !== text) throw new RuleError('INVALID_DATE', text);
  if (days.size > CACHE_LIMIT) days.clear();
  days.set(text, day);
  return day;
}

/** Day number -> `2026-03-29`. */
export function formatDate(day: DayNumber): string {
  let text = dates.get(day);
  if (text === undefined) {
    text = new Date(day * SECONDS_PER_DAY * 1000).toISOString().slice(0, 10);
    if (dates.size > CACHE_LIMIT) dates.clear();
    dates.set(day, text);
  }
  return text;
}

/** Month counts from 1; overflow rolls over as in Date.UTC, so `dayOf(2026, 13, 1)` is 1 January 2027. */
export function dayOf(year: number, month: number, dayOfMonth: number): DayNumber {
  return Math.floor(Date.UTC(year, month - 1, dayOfMonth) / (SECONDS_PER_DAY * 1000));
}

export function partsOf(day: DayNumber): { year: number; month: number; dayOfMonth: number } {
  const date = new Date(day * SECONDS_PER_DAY * 1000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, dayOfMonth: date.getUTCDate() };
}

export function daysInMonth(year: number, month: number): number {
  return dayOf(year, month + 1, 1) - dayOf(year, month, 1);
}

/** 1 January 1970 was a Thursday. */
export function weekdayOf(day: DayNumber): Weekday {
  return ((((day + 4) % 7) + 7) % 7) as Weekday;
}

/** The first day of the week that contains `day`, where weeks begin on `weekStart`. */
export function weekStartOf(day: DayNumber, weekStart: Weekday): DayNumber {
  return day - ((weekdayOf(day) - weekStart + 7) % 7);
}

/** Whether a text is a real date such as `2026-03-29`. */
export function isDate(text: string): boolean {
  try {
    parseDate(text);
    return true;
  } catch {
    return false;
  }
}

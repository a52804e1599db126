import { decimalNumber, durationSeconds } from '../../rules/files/dialects';
import { RuleError } from '../../rules/errors';
import { SECONDS_PER_DAY } from '../../rules/time/calendar';
import type { Mapping } from './mapping';

/** Runs a parser of the rules and answers NaN for what it refuses: a bad cell is an ordinary thing here. */
export function orNaN(parse: () => number): number {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RuleError) return Number.NaN;
    throw error;
  }
}

/** `20,0`, `0.5`, `2.000,0` and `2,000.5`: the last mark is the decimal one. NaN for anything else. */
export function numberOf(text: string): number {
  return orNaN(() => decimalNumber(text, text.lastIndexOf(',') > text.lastIndexOf('.') ? ',' : '.'));
}

const HOURS = /^(\d{1,2}(?:[.,]\d+)?) ?(?:h|hrs?|hours?|std|stunden?|horas?|heures?)\.?(?: ?(\d.*))?$/i;
const MINUTES = /^(\d{1,4}(?:[.,]\d+)?) ?(?:m|min|mins|minutes?|minuten?|minutos?|')?\.?$/i;

/** Behind `0:45`: what names the hours, and the fraction that databases write behind the seconds. */
const OF_HOURS = / *(?:h|hs|hrs?|hours?|std|stunden?|horas?|heures?)\.?$/i;
const FRACTION = /(?<=:\d\d:\d\d)[.,]\d{1,9}/;

/** Seconds of a length that names its units: `0:45`, `0:45 h`, `45 min`, `1h 15`, `0,75 h`. NaN for a bare number and for anything else. */
function lengthSeconds(text: string): number {
  if (text.includes(':')) return orNaN(() => durationSeconds(text.replace(FRACTION, '').replace(OF_HOURS, '')));
  const [, hours, rest] = HOURS.exec(text) ?? [];
  const minutes = MINUTES.exec(hours === undefined ? text : (rest ?? '0'))?.[1];
  if (minutes === undefined || (hours === undefined && minutes === text)) return Number.NaN;
  return Math.round(numberOf(hours ?? '0') * 3600 + numberOf(minutes) * 60);
}

const SECONDS_OF = { minutes: 60, hours: 3600, days: SECONDS_PER_DAY } as const;

/** What a bare number in a column of hours counts. `clock`: hours and, behind a mark, minutes. `days`: parts of a day. */
type HoursUnit = NonNullable<Mapping['hoursUnit']>;

/** Seconds of `7.5`, `7,5`, `07:30` or `7h 30m` hours; a bare number counts what `unit` says. NaN for anything else. */
export function hoursSeconds(text: string, unit: HoursUnit = 'hours'): number {
  const written = lengthSeconds(text);
  if (!Number.isNaN(written)) return written;
  if (unit !== 'clock') return Math.round(numberOf(text) * SECONDS_OF[unit]);
  const [, hours, minutes = '0'] = /^(\d{1,2})(?:[.,]([0-5]\d))?$/.exec(text) ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60;
}

/** What a bare number in a column of breaks counts. `clock`: hours and, behind a dot, minutes. `days`: parts of a day. */
export type BreakUnit = NonNullable<Mapping['breakUnit']>;

/** Seconds of 0.30 as half an hour; whole numbers beside it are hours below ten and minutes from there on. */
function dottedSeconds(text: string, bare: number): number {
  const [, hours, minutes] = /^(\d{1,2})[.,]([0-5]\d)$/.exec(text) ?? [];
  if (hours !== undefined && minutes !== undefined) return Number(hours) * 3600 + Number(minutes) * 60;
  return bare * (bare < 10 ? 3600 : 60);
}

/**
 * Seconds of a break: `30`, `30,5`, `0:30`, `45 min`, `1h 15`. A bare number counts what `unit` says; without one it counts minutes, but
 * for a fraction below ten, which is of hours (`0,75`). NaN for anything else, and for more than a day.
 */
export function breakSeconds(text: string, unit?: BreakUnit): number {
  const written = lengthSeconds(text);
  const bare = numberOf(text);
  const counted = unit ?? (bare < 10 && !Number.isInteger(bare) ? 'hours' : 'minutes');
  const length = counted === 'clock' ? dottedSeconds(text, bare) : bare * SECONDS_OF[counted];
  const seconds = Number.isNaN(written) ? Math.round(length) : written;
  return seconds >= 0 && seconds <= SECONDS_PER_DAY ? seconds : Number.NaN;
}

import { serialSeconds, type ReadDate } from './dates';
import type { ReadClock } from './clock';
import { memo } from './memo';

/**
 * What a cell with a date and a time says: wall-clock seconds, and the offset in seconds east of UTC where the cell
 * names one. `instant`: the seconds are UTC. `fault`: what of it could not be read.
 */
export interface Stamp {
  readonly seconds: number;
  readonly offset: number | null;
  readonly fault: 'invalid_date' | 'invalid_time' | null;
}

export type ReadStamp = (text: string) => Stamp;

const TAIL = /^(\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(?:(Z)|([+-])(\d{2}):?(\d{2})?)?$/i;
/** A date, a weekday, a time and an offset fit into it. */
const LONGEST = 60;
const WRONG_TIME: Stamp = { seconds: Number.NaN, offset: null, fault: 'invalid_time' };
const WRONG_DATE: Stamp = { seconds: Number.NaN, offset: null, fault: 'invalid_date' };

/** Reads ISO with or without an offset, a date and a time in any dialect, epoch seconds or milliseconds, Excel's numbers. */
export function stampReader(readDate: ReadDate, readClock: ReadClock): ReadStamp {
  const tail = memo(readTail, WRONG_TIME);
  const readDay = sameAgain(readDate);
  return (text) => {
    // `2026-01-05T07:30:00`, with or without a Z: digit by digit, because even looking up what was read before takes longer.
    const isUtc = text.length === 20 && text.charCodeAt(19) === 90;
    if ((isUtc || text.length === 19) && text.charCodeAt(4) === 45 && isBetween(text.charCodeAt(10))) {
      const clock = plainClock(text, 11);
      const midnight = Number.isNaN(clock) ? clock : readDay(text.slice(0, 10));
      if (!Number.isNaN(midnight)) return { seconds: midnight + clock, offset: isUtc ? 0 : null, fault: null };
    }
    // The plain form, cut at fixed places because that is several times as fast as any pattern.
    if (text.length >= 16 && text.charCodeAt(4) === 45 && isBetween(text.charCodeAt(10))) {
      const midnight = readDate(text.slice(0, 10));
      const rest = tail(text.slice(11));
      if (rest.fault === null) {
        return Number.isNaN(midnight)
          ? WRONG_DATE
          : { seconds: midnight + rest.seconds, offset: rest.offset, fault: null };
      }
    }
    return readLoosely(text, readDate, readClock);
  };
}

/** `T`, a blank or `t`. */
const isBetween = (code: number) => code === 84 || code === 32 || code === 116;

/** Rows that follow each other are mostly of one day. */
function sameAgain(readDate: ReadDate): ReadDate {
  let [last, meaning] = ['', Number.NaN];
  return (text) => {
    if (text !== last) [last, meaning] = [text, readDate(text)];
    return meaning;
  };
}

/** Seconds of `07:30:15` at a place of a text, NaN where anything else stands. */
function plainClock(text: string, at: number): number {
  if (text.charCodeAt(at + 2) !== 58 || text.charCodeAt(at + 5) !== 58) return Number.NaN;
  const [hours, minutes, seconds] = [twoDigits(text, at), twoDigits(text, at + 3), twoDigits(text, at + 6)];
  return hours < 24 && minutes < 60 && seconds < 60 ? hours * 3600 + minutes * 60 + seconds : Number.NaN;
}

function twoDigits(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - 48, text.charCodeAt(at + 1) - 48];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function readTail(text: string): Stamp {
  const parts = TAIL.exec(text);
  if (!parts) return WRONG_TIME;
  const [hours, minutes, seconds] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)];
  const inDay = hours * 3600 + minutes * 60 + seconds;
  if (minutes > 59 || seconds > 59 || inDay > 86_400) return WRONG_TIME;
  const sign = parts[5] === '-' ? -1 : 1;
  const east = sign * (Number(parts[6] ?? 0) * 3600 + Number(parts[7] ?? 0) * 60);
  const hasOffset = parts[4] !== undefined || parts[5] !== undefined;
  return { seconds: inDay, offset: hasOffset ? east : null, fault: null };
}

function readLoosely(text: string, readDate: ReadDate, readClock: ReadClock): Stamp {
  if (text.length > LONGEST) return WRONG_DATE;
  if (/^\d{9,10}$/.test(text)) return { seconds: Number(text), offset: 0, fault: null };
  if (/^\d{12,13}$/.test(text)) return { seconds: Math.floor(Number(text) / 1000), offset: 0, fault: null };
  if (/^\d{5}(?:[.,]\d+)?$/.test(text)) {
    const seconds = serialSeconds(Number(text.replace(',', '.')));
    return Number.isNaN(seconds) ? WRONG_DATE : { seconds, offset: null, fault: null };
  }
  let stamp: Stamp = WRONG_DATE;
  for (const pattern of DATE_AND_TIME) {
    const parts = pattern.exec(text);
    const midnight = readDate(parts?.[1] ?? text);
    if (Number.isNaN(midnight)) continue;
    const seconds = readClock(parts?.[2] ?? '');
    if (!Number.isNaN(seconds)) return { seconds: midnight + seconds, offset: null, fault: null };
    stamp = WRONG_TIME;
  }
  return stamp;
}

/**
 * A date may be of several words (`16 Nov 2026`), and a time begin with one (`下午 5:00`): before the first colon they are told apart,
 * with a word and without; without a colon the first blank does it.
 */
const DATE_AND_TIME = [
  /^([^:]*?\S),?(?:\s+|T)([^\d\s:]+ ?\d{1,2}:.*)$/,
  /^([^:]*\S),?(?:\s+|T)(\d{1,2}:.*)$/,
  /^(\S+?),?(?:\s+|T)(.+)$/,
];

import { clockSeconds, durationSeconds } from '../../rules/files/dialects';
import { SECONDS_PER_DAY } from '../../rules/time/calendar';
import type { Mapping } from './mapping';
import { memo } from './memo';
import { HALF_DAYS, wordKey } from './month-names';
import { numberOf, orNaN } from './numbers';

/** Seconds from midnight of a time of day, 86,400 and more for the day after; NaN for what is none. */
export type ReadClock = (text: string) => number;

/** How DingTalk says that a time belongs to the day after, and how most others do: `06:00 +1`. */
const NEXT_DAY = /^次日|\(?\+1\)?$/;
/** `8:30 Uhr`, `kl. 08.30`, `klo 8.30`, `at 8:30`; and, behind minutes, the h that names the hours: `8:00 h`, `0800 hrs`. */
const DECORATION = /^(?:um|at|kl\.?|klo) +|(?<=\d) *Uhr$|(?<=[:.,]\d+|^\d{3,4}) *(?:h|hs|hrs?|u)\.?$/gi;
/** What databases write behind the seconds; a punch is of a full second. */
const FRACTION = /^(\D*\d{1,2}([:.])\d\d\2\d\d)[.,]\d{1,9}/;
/** A half of the day before or behind a time, as one to three words: `a. m.`, `PM`, `下午`. */
const HALF = /^(\p{L}[^\d]*?) ?(?=\d)|(?<=\d) ?(\p{L}[^\d]*)$/u;

/**
 * Reads `07:30`, `7:30:15 AM`, `7:30 a. m.`, `上午 7:30`, `24:00`, `06:00 +1`, `0730`, `8h30`, `8:00 h`, `07.30` as Finns, Danes, Italians and Indonesians write it, and other bare
 * numbers: 7.5 is half past seven, 7,25 a quarter past. Fractions of seconds are left out. In a workbook that lost its formats a number below 2 is part of a day and of
 * the one after (`decimalTimes`).
 */
export function clockReader(decimalTimes: Mapping['decimalTimes']): ReadClock {
  return memo((text) => {
    // Narrow blanks stand before the half of a day since CLDR 42, and wide figures in East Asian files.
    const written = text.normalize('NFKC').trim();
    const isNextDay = NEXT_DAY.test(written);
    const plain = written.replace(NEXT_DAY, '').trim().replace(FRACTION, '$1').replace(DECORATION, '');
    const seconds = halfDaySeconds(plain) ?? secondsOf(plain, decimalTimes);
    const latest = decimalTimes === 'days' ? 2 * SECONDS_PER_DAY - 1 : SECONDS_PER_DAY;
    if (!(seconds >= 0 && seconds <= latest)) return Number.NaN;
    return isNextDay ? seconds + SECONDS_PER_DAY : seconds;
  }, Number.NaN);
}

/**
 * What is wrong with a time that lies behind the end of its day, such as `30:00`, and how to write it; undefined for any other text. A
 * workbook counts on behind midnight by itself; in a text it may as well be a length.
 */
export function pastMidnight(text: string): string | undefined {
  const [, hours, minutes] = /^(?:.*[\sT])?(\d{2,3}):([0-5]\d)(?::[0-5]\d)?$/.exec(text.trim()) ?? [];
  if (hours === undefined || minutes === undefined || Number(hours) < 24) return undefined;
  if (Number(hours) >= 48) return 'a day has 24 hours: write a time of day, such as 07:30';
  const next = `${String(Number(hours) - 24).padStart(2, '0')}:${minutes}`;
  return `a day has 24 hours: for the day after write ${next} under its date, or ${next} +1`;
}

/** Seconds of a time with the half of its day in any of the languages that are read; undefined where it names none. */
function halfDaySeconds(text: string): number | undefined {
  const found = HALF.exec(text);
  const half = found && HALF_DAYS.get(wordKey(found[1] ?? found[2] ?? ''));
  if (!found || typeof half !== 'number') return undefined;
  const inHalf = /^(\d{1,2})(?:[:.](\d{2}))?(?:[:.](\d{2}))?$/.exec(text.replace(found[0], '').trim());
  if (!inHalf) return Number.NaN;
  const [hours, minutes, seconds] = [Number(inHalf[1]), Number(inHalf[2] ?? 0), Number(inHalf[3] ?? 0)];
  if (hours < 1 || hours > 12 || minutes > 59 || seconds > 59) return Number.NaN;
  return ((hours % 12) + half) * 3600 + minutes * 60 + seconds;
}

/** Hours and minutes without a colon. Parts of a day are below 2, and none has a zero in front of its hours. */
const DOTTED = {
  minutes: /^(\d{1,2})[.,]([0-5]\d)$/,
  days: /^(0\d|[1-9]\d|[2-9])[.,]([0-5]\d)$/,
  unsaid: /^(0?[1-9]|[1-9]\d)\.([0-5]\d)$/,
} as const;

function secondsOf(text: string, decimalTimes: Mapping['decimalTimes']): number {
  // A workbook that shows `[h]:mm` counts on behind midnight.
  if (decimalTimes === 'days' && /^\d\d:\d\d:\d\d$/.test(text)) return orNaN(() => durationSeconds(text));
  if (text.includes(':')) return orNaN(() => clockSeconds(text));
  const compact = /^(\d{1,2})([0-5]\d)$/.exec(text);
  if (compact) return Number(compact[1]) * 3600 + Number(compact[2]) * 60;
  // Where nobody says otherwise, two digits behind a dot that can be minutes are minutes, as on every clock that is written with one.
  // Behind a comma they are where that has been said, or decided by the others.
  const dotted = decimalTimes === 'hours' ? null : DOTTED[decimalTimes ?? 'unsaid'].exec(text);
  if (dotted) {
    return Number(dotted[1]) * 3600 + Number(dotted[2]) * 60;
  }
  const french = /^(\d{1,2}) ?h ?(?:([0-5]\d) ?(?:m|mn|min)?)?$/i.exec(text);
  if (french) return Number(french[1]) * 3600 + Number(french[2] ?? 0) * 60;
  const dots = /^(\d{1,2})\.([0-5]\d)\.([0-5]\d)$/.exec(text);
  if (dots) return Number(dots[1]) * 3600 + Number(dots[2]) * 60 + Number(dots[3]);
  if (!/^\d{0,2}(?:[.,]\d+)?$/.test(text) || text === '') return Number.NaN;
  const value = numberOf(text);
  if (decimalTimes === 'minutes' && !Number.isInteger(value)) return Number.NaN;
  return Math.round(value * (decimalTimes === 'days' && value < 2 ? SECONDS_PER_DAY : 3600));
}

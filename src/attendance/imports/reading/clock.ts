import { clockSeconds } from '../../rules/files/dialects';
import { SECONDS_PER_DAY } from '../../rules/time/calendar';
import { memo } from './memo';
import { numberOf, orNaN } from './numbers';

/** Seconds from midnight of a time of day, 86,400 and more for the day after; NaN for what is none. */
export type ReadClock = (text: string) => number;

/** How DingTalk says that a time belongs to the day after. */
const NEXT_DAY = '次日';

/**
 * Reads `07:30`, `7:30:15 AM`, `24:00`, `0730`, `07.30` as Finns, Danes, Italians and Indonesians write it, and other bare
 * numbers: 7.5 is half past seven, 7,25 a quarter past. Below 1 a number is part of an hour or, in a workbook that lost its formats, part of a day (`decimalTimes`).
 */
export function clockReader(decimalTimes: 'hours' | 'days'): ReadClock {
  return memo((text) => {
    const isNextDay = text.startsWith(NEXT_DAY);
    const plain = (isNextDay ? text.slice(NEXT_DAY.length) : text).trim();
    const seconds = secondsOf(plain, decimalTimes);
    if (!(seconds >= 0 && seconds <= SECONDS_PER_DAY)) return Number.NaN;
    return isNextDay ? seconds + SECONDS_PER_DAY : seconds;
  }, Number.NaN);
}

function secondsOf(text: string, decimalTimes: 'hours' | 'days'): number {
  if (text.includes(':')) return orNaN(() => clockSeconds(text));
  const compact = /^(\d{1,2})([0-5]\d)$/.exec(text);
  if (compact) return Number(compact[1]) * 3600 + Number(compact[2]) * 60;
  // Two digits behind a dot that can be minutes are minutes, as on every clock that is written with one.
  const dotted = /^(\d{1,2})\.([0-5]\d)$/.exec(text);
  if (dotted && Number(dotted[1]) >= 1) return Number(dotted[1]) * 3600 + Number(dotted[2]) * 60;
  if (/^\d{1,2} ?[AaPp]\.?[Mm]\.?$/.test(text)) return orNaN(() => clockSeconds(text.replace(/^\d+/, '$&:00')));
  if (!/^\d{0,2}(?:[.,]\d+)?$/.test(text) || text === '') return Number.NaN;
  const value = numberOf(text);
  return Math.round(value * (decimalTimes === 'days' && value < 1 ? SECONDS_PER_DAY : 3600));
}

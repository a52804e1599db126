import { RuleError } from '../errors';
import { SECONDS_PER_DAY } from './calendar';

/** A stretch of wall-clock time in seconds from local midnight; an end past midnight is greater than 86,400. */
export interface LocalRange {
  readonly start: number;
  readonly end: number;
}

const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/;

/** `09:00`, `09:00:30` or `24:00` -> seconds from local midnight. Throws INVALID_TIME. */
export function parseTime(text: string): number {
  const parts = TIME.exec(text);
  const [hours, minutes, seconds] = parts
    ? [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)]
    : [Number.NaN, Number.NaN, Number.NaN];
  const total = hours * 3600 + minutes * 60 + seconds;
  if (!(minutes < 60 && seconds < 60 && total <= SECONDS_PER_DAY)) throw new RuleError('INVALID_TIME', text);
  return total;
}

/** `22:00-06:00`: an end at or before the start lies on the next day. Throws INVALID_TIME. */
export function parseRange(text: string): LocalRange {
  const [from, to, ...rest] = text.split('-');
  if (from === undefined || to === undefined || rest.length > 0) throw new RuleError('INVALID_TIME', text);
  const start = parseTime(from.trim());
  const end = parseTime(to.trim());
  return { start, end: end <= start ? end + SECONDS_PER_DAY : end };
}

/** Seconds from local midnight -> `09:00` (or `09:00:30` with `withSeconds`). */
export function formatTime(seconds: number, withSeconds = false): string {
  const inDay = ((seconds % SECONDS_PER_DAY) + SECONDS_PER_DAY) % SECONDS_PER_DAY;
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const text = `${two(inDay / 3600)}:${two((inDay % 3600) / 60)}`;
  return withSeconds ? `${text}:${two(inDay % 60)}` : text;
}

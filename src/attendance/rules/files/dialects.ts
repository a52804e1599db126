import { RuleError } from '../errors';
import { dayOf, formatDate, partsOf, SECONDS_PER_DAY } from '../time/calendar';
import type { Instant } from '../time/instant';
import type { Zone } from '../time/zone';

/** What to do with a local time that the clock shows twice. */
export type AmbiguityRule = 'reject' | 'earlier' | 'later';

/** Wall-clock seconds since 1970-01-01T00:00 of `2026-03-29T02:30[:00]`. Throws INVALID_DATE, INVALID_TIME. */
export function parseLocal(text: string): number {
  const parts = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)$/.exec(text);
  if (!parts) throw new RuleError('INVALID_DATE', text);
  return dateSeconds(parts[1] ?? '', 'YYYY-MM-DD') + clockSeconds(parts[2] ?? '');
}

/** A local time without offset to its instant. Throws AMBIGUOUS_LOCAL_TIME (unless told which) and NONEXISTENT_LOCAL_TIME. */
export function resolveLocal(local: number, zone: Zone, ambiguity: AmbiguityRule): Instant {
  const resolved = zone.resolve(local);
  const subject = new Date(local * 1000).toISOString().slice(0, 19);
  if (resolved.kind === 'gap') throw new RuleError('NONEXISTENT_LOCAL_TIME', subject);
  if (resolved.kind === 'repeated' && ambiguity === 'reject') throw new RuleError('AMBIGUOUS_LOCAL_TIME', subject);
  return ambiguity === 'later' ? resolved.later : resolved.earlier;
}

/** Wall-clock seconds of midnight of a date in a dialect such as `MM/DD/YYYY` or `DD.MM.YYYY`. Throws INVALID_DATE. */
export function dateSeconds(text: string, format: string): number {
  const order: readonly string[] = format.match(/YYYY|MM|DD/g) ?? [];
  const numbers = text.trim().match(/\d+/g)?.map(Number) ?? [];
  const valueOf = (part: string) => numbers[order.indexOf(part)] ?? Number.NaN;
  const [year, month, dayOfMonth] = [valueOf('YYYY'), valueOf('MM'), valueOf('DD')];
  const day = dayOf(year, month, dayOfMonth);
  const isReal = numbers.length === 3 && !Number.isNaN(day);
  const parts = isReal ? partsOf(day) : null;
  if (parts?.year !== year || parts.month !== month || parts.dayOfMonth !== dayOfMonth) {
    throw new RuleError('INVALID_DATE', text);
  }
  return day * SECONDS_PER_DAY;
}

const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp])?\.?[Mm]?\.?$/;

/** `23:08`, `10:23 AM`, `11:23:01 PM` -> seconds from midnight; seconds are optional. Throws INVALID_TIME. */
export function clockSeconds(text: string): number {
  const parts = CLOCK.exec(text.trim());
  if (!parts) throw new RuleError('INVALID_TIME', text);
  const [hours, minutes, seconds] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)];
  const half = parts[4]?.toLowerCase();
  const isValid = minutes < 60 && seconds < 60 && (half ? hours >= 1 && hours <= 12 : hours <= 24);
  if (!isValid) throw new RuleError('INVALID_TIME', text);
  const inDay = half ? (hours % 12) + (half === 'p' ? 12 : 0) : hours;
  return inDay * 3600 + minutes * 60 + seconds;
}

/** `20,0` or `2.000,0` with a decimal comma, `2,000.5` with a point; the other mark groups thousands. Throws INVALID_ROW. */
export function decimalNumber(text: string, decimal: ',' | '.'): number {
  const thousands = decimal === ',' ? '.' : ',';
  const plain = text.trim().split(thousands).join('').replace(decimal, '.');
  const value = Number(plain);
  if (plain === '' || Number.isNaN(value)) throw new RuleError('INVALID_ROW', text);
  return value;
}

/** `07:30:15`, `7:30` -> seconds; hours may exceed 24. Throws INVALID_TIME. */
export function durationSeconds(text: string): number {
  const parts = /^(\d+):([0-5]\d)(?::([0-5]\d))?$/.exec(text.trim());
  if (!parts) throw new RuleError('INVALID_TIME', text);
  return Number(parts[1]) * 3600 + Number(parts[2]) * 60 + Number(parts[3] ?? 0);
}

/** `2026-01-20` of a wall-clock time. */
export function localDate(local: number): string {
  return formatDate(Math.floor(local / SECONDS_PER_DAY));
}

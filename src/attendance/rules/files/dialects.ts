import { RuleError } from '../errors';
import { dayOf, partsOf, SECONDS_PER_DAY } from '../time/calendar';

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

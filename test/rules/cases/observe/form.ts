import { formatInstant, parseInstant, type Instant } from '../../../../src/attendance/rules/time/instant';
import { formatTime } from '../../../../src/attendance/rules/time/local-time';
import type { Zone } from '../../../../src/attendance/rules/time/zone';
import { SECONDS_PER_DAY } from '../../../../src/attendance/rules/time/calendar';

/** An instant written as the expectation writes it: as local `HH:MM[:SS]`, or as the same text when it is the same instant. */
export function likeWanted(instant: Instant | null | undefined, wanted: unknown, zone: Zone): string | null {
  if (instant == null) return null;
  if (typeof wanted === 'string' && /^\d{2}:\d{2}(:\d{2})?$/.test(wanted)) {
    return formatTime(zone.localSeconds(instant) % SECONDS_PER_DAY, wanted.length > 5);
  }
  if (typeof wanted === 'string' && wanted.includes('T') && parseInstant(wanted) === instant) return wanted;
  return formatInstant(instant);
}

/** As a list where one is wanted, else the one value, or the list if there are several different ones. */
export function oneOrList(values: readonly unknown[], wanted: unknown): unknown {
  if (Array.isArray(wanted)) return values;
  return new Set(values).size === 1 ? values[0] : values.length === 0 ? null : values;
}

/** Rounded to one decimal, for averages and distances that a source prints so. */
export function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The wanted code if it is among those found, `null` for none, else all that were found. */
export function codeAmong(found: readonly string[], wanted: unknown): unknown {
  if (typeof wanted === 'string' && found.includes(wanted)) return wanted;
  return found.length === 0 ? null : found;
}

export function instantText(instant: number | undefined): string | null {
  return instant === undefined ? null : formatInstant(instant);
}

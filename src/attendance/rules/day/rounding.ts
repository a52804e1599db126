import { SECONDS_PER_DAY } from '../time/calendar';
import type { Instant } from '../time/instant';
import type { Zone } from '../time/zone';

/**
 * Rounding to a grid of `unitSeconds`.
 * - `down`, `up`: to the line before or after. Up to `graceSeconds` past a line `up` still goes back to it, and up to
 *   `graceSeconds` before a line `down` still goes on to it.
 * - `nearest`: 29 CFR 785.48(b) as WHD Fact Sheet 53 applies it. Seconds are cut off first (unless `keepSeconds`), then
 *   `downThroughSeconds` goes down and more goes up: minutes 1 to 7 of a quarter hour down, 8 to 14 up.
 * - `closest`: by seconds, the exact half goes down.
 */
export interface RoundingRule {
  readonly mode: 'down' | 'up' | 'nearest' | 'closest';
  readonly unitSeconds: number;
  readonly graceSeconds?: number;
  /** Default: the greatest whole minute below half a unit. */
  readonly downThroughSeconds?: number;
  readonly keepSeconds?: boolean;
}

/** Rounds a number of seconds; durations, and wall-clock seconds counted from local midnight. */
export function roundSeconds(value: number, rule: RoundingRule): number {
  const unit = rule.unitSeconds;
  if (unit <= 0) return value;
  const cut = rule.mode === 'nearest' && rule.keepSeconds !== true ? value - (value % 60) : value;
  const past = cut % unit;
  const line = cut - past;
  if (past === 0) return line;
  const grace = rule.graceSeconds ?? 0;
  switch (rule.mode) {
    case 'down':
      return unit - past <= grace ? line + unit : line;
    case 'up':
      return past <= grace ? line : line + unit;
    case 'nearest':
      return past <= (rule.downThroughSeconds ?? Math.ceil(unit / 120 - 1) * 60) ? line : line + unit;
    case 'closest':
      return past > unit / 2 ? line + unit : line;
  }
}

/**
 * Rounds an instant on the LOCAL grid: an hour grid means full hours on the wall even where the zone is half an hour
 * off UTC. The instant moves by as much as the wall clock does, so elapsed time stays true next to a clock change.
 */
export function roundInstant(instant: Instant, rule: RoundingRule | null, zone: Zone): Instant {
  if (!rule) return instant;
  const local = zone.localSeconds(instant);
  const midnight = Math.floor(local / SECONDS_PER_DAY) * SECONDS_PER_DAY;
  return instant + roundSeconds(local - midnight, rule) - (local - midnight);
}

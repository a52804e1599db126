import { formatDate, SECONDS_PER_DAY } from '../../rules/time/calendar';
import type { Instant } from '../../rules/time/instant';
import { formatTime } from '../../rules/time/local-time';
import type { Zone } from '../../rules/time/zone';
import type { RowErrorCode } from './draft';

const clocks: string[] = [];

/** `2026-01-05T07:30:00` of wall-clock seconds; the 86,400 times of a day are written once each. */
export function localText(local: number): string {
  const day = Math.floor(local / SECONDS_PER_DAY);
  const inDay = local - day * SECONDS_PER_DAY;
  const clock = (clocks[inDay] ??= formatTime(inDay, true));
  return `${formatDate(day)}T${clock}`;
}

const DECADES = 20 * 366 * SECONDS_PER_DAY;

/** Whether a file is read wrongly, or says nonsense: nobody has punches of twenty years ago to load, or of those to come. */
export const isDecadesAway = (seconds: number, now: number): boolean => Math.abs(seconds - now) > DECADES;

/** What was read where it cannot be meant. */
export const readAs = (seconds: number): string =>
  `read as ${localText(seconds)}, which is decades away; correct the date, or its format in the mapping`;

/** A time of a row met with the zone of the import. `twin` is the second instant of a time shown twice. */
export interface Placed {
  readonly local: number;
  readonly at: Instant | null;
  readonly later: Instant | null;
  readonly fault: Extract<RowErrorCode, 'ambiguous_local_time' | 'nonexistent_local_time'> | null;
}

/** Wall-clock seconds to an instant. With an `offset` (seconds east of UTC) nothing is left to doubt. */
export function place(seconds: number, offset: number | null, zone: Zone | null): Placed {
  if (offset !== null) {
    const at = seconds - offset;
    return { local: zone ? zone.localSeconds(at) : seconds, at, later: null, fault: null };
  }
  if (!zone) return { local: seconds, at: null, later: null, fault: null };
  const { kind, earlier, later } = zone.resolve(seconds);
  if (kind === 'unique') return { local: seconds, at: earlier, later: null, fault: null };
  if (kind === 'gap') return { local: seconds, at: null, later: null, fault: 'nonexistent_local_time' };
  return { local: seconds, at: earlier, later: later, fault: 'ambiguous_local_time' };
}

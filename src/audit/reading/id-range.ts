/** Ids of both trails are UUIDs of version 7: they begin with the milliseconds of the moment at which the row was written. */
const lastInstant = 2 ** 48 - 1;
const day = 86_400_000;

/** Above every id. */
export const TOP = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
/** Below every id. */
export const BOTTOM = '00000000-0000-0000-0000-000000000000';

/** The lowest id of an instant. */
export function lowestIdAt(milliseconds: number): string {
  const time = Math.min(Math.max(Math.trunc(milliseconds), 0), lastInstant)
    .toString(16)
    .padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}

export interface TimeRange {
  /** First instant, inclusive. */
  readonly from?: string;
  /** Last instant, exclusive. */
  readonly to?: string;
}

/**
 * The ids that rows of a time range can have. Lists are ordered by id, so without this a question about one day of last
 * month would walk over everything since. Nobody but the database sets `id` (the clock when the row was written) and
 * `created_at` (when its transaction began; in the request trail, when the answer went out), so the two lie seconds apart;
 * a day on either side is room for any transaction and for a clock that was put back. `created_at` itself still decides.
 */
export function idsWithin({ from, to }: TimeRange): { readonly least: string; readonly below: string } {
  return {
    least: from === undefined ? BOTTOM : lowestIdAt(Date.parse(from) - day),
    below: to === undefined ? TOP : lowestIdAt(Date.parse(to) + day),
  };
}

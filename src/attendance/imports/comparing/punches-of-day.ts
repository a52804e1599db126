import { rankOf, type RecordedType } from '../../punches/presence';
import type { Instant } from '../../rules/time/instant';

/** Type and time of a punch. */
export interface Timed {
  readonly type: RecordedType;
  readonly at: Instant;
}

/** Somebody who punched in longer ago than this has forgotten to punch out. In seconds. */
export const LONGEST_PRESENCE = 16 * 3600;

/** By instant; of two at one instant, the one that ends something comes first. */
const inOrder = (a: Timed, b: Timed): number => a.at - b.at || rankOf[a.type] - rankOf[b.type];

/**
 * Those of a person's punches that belong to one day, and that a row of this day is compared with. `from` and `to` are its midnights in
 * the person's time zone; `to` is later if the row itself goes on past midnight. The punch that ends a night shift belongs to the day on
 * which the shift began, so each punch belongs to one day.
 */
export function punchesOfDay<P extends Timed>(
  punches: readonly P[],
  { from, to }: { from: Instant; to: Instant },
): P[] {
  const ordered = punches.toSorted(inOrder);
  const first = beyondNight(ordered, from);
  return ordered.slice(first, Math.max(first, beyondNight(ordered, to)));
}

/** Index of the first punch at or after `border` that does not end a presence begun before it. */
function beyondNight(ordered: readonly Timed[], border: Instant): number {
  const found = ordered.findIndex(({ at }) => at >= border);
  let index = found < 0 ? ordered.length : found;
  const last = ordered[index - 1];
  if (!last || !isInside(last)) return index;
  for (let next = ordered[index]; next && ends(next) && next.at - last.at <= LONGEST_PRESENCE; next = ordered[index]) {
    index += 1;
    if (next.type === 'out') break;
  }
  return index;
}

const isInside = ({ type }: Timed) => type !== 'out' && type !== 'unknown';
const ends = ({ type }: Timed) => type !== 'in' && type !== 'unknown';

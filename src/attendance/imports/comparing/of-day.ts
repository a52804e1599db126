import { rankOf, type RecordedType } from '../../punches/presence';
import type { Instant } from '../../rules/time/instant';

/** A punch as far as it matters here: what happened, and when. */
export interface Timed {
  readonly type: RecordedType;
  readonly at: Instant;
}

/** Whoever punched in longer ago than this has not worked through: they forgot to punch out. */
export const LONGEST_STRETCH = 16 * 3600;

/** As they count: by instant, and of two at one instant the one that ends something first. */
const inOrder = (a: Timed, b: Timed): number => a.at - b.at || rankOf[a.type] - rankOf[b.type];

/**
 * Those of a person's punches that belong to one day: a row of a file that tells of this day speaks of them and of no others.
 * `from` and `to` are its midnights by the clock of the person, `to` later where the row itself goes on past it. What ends the night
 * before is of that night, and what ends this day after its midnight is of this day: so each punch belongs to one day alone.
 */
export function punchesOfDay<P extends Timed>(
  punches: readonly P[],
  { from, to }: { from: Instant; to: Instant },
): P[] {
  const ordered = punches.toSorted(inOrder);
  const first = beyondNight(ordered, from);
  return ordered.slice(first, Math.max(first, beyondNight(ordered, to)));
}

/** Index of the first punch at or behind `border` that does not end a stretch begun before it. */
function beyondNight(ordered: readonly Timed[], border: Instant): number {
  const found = ordered.findIndex(({ at }) => at >= border);
  let index = found < 0 ? ordered.length : found;
  const last = ordered[index - 1];
  if (!last || !isInside(last)) return index;
  for (let next = ordered[index]; next && ends(next) && next.at - last.at <= LONGEST_STRETCH; next = ordered[index]) {
    index += 1;
    if (next.type === 'out') break;
  }
  return index;
}

const isInside = ({ type }: Timed) => type !== 'out' && type !== 'unknown';
const ends = ({ type }: Timed) => type !== 'in' && type !== 'unknown';

import { SECONDS_PER_DAY } from '../../rules/time/calendar';
import type { Interpreted } from '../reading/draft';

/** At most this many rows of one date are held back, so that memory stays bounded. */
const MOST_HELD = 20_000;

/**
 * The same chunks, but cut where the date changes: the rows of a day lie side by side in a file and are compared together. The rows of
 * the last date of a chunk go into the next one.
 */
export async function* wholeDays(chunks: AsyncIterable<Interpreted[]>): AsyncGenerator<Interpreted[]> {
  let held: Interpreted[] = [];
  for await (const rows of chunks) {
    const all = [...held, ...rows];
    const cut = lastCut(all);
    if (cut > 0) yield all.slice(0, cut);
    held = all.slice(cut);
    if (held.length < MOST_HELD) continue;
    yield held;
    held = [];
  }
  if (held.length > 0) yield held;
}

/** Where the last date begins; rows without one belong to whatever is around them. */
function lastCut(rows: readonly Interpreted[]): number {
  let cut = rows.length;
  let last: number | undefined;
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const date = dateOf(rows[index]);
    if (date === undefined) continue;
    last ??= date;
    if (date !== last) return cut;
    cut = index;
  }
  return last === undefined ? rows.length : 0;
}

function dateOf(row: Interpreted | undefined): number | undefined {
  const first = row?.ok === true ? row.punches[0] : undefined;
  return first && Math.floor(first.local / SECONDS_PER_DAY);
}

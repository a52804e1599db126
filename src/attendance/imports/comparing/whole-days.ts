import { SECONDS_PER_DAY } from '../../rules/time/calendar';
import type { Interpreted } from '../reading/draft';

/** So many rows of one date are kept back at most: memory stays flat. */
const MOST_KEPT = 20_000;

/**
 * The same chunks, but cut where the date changes: a file that tells of one day in several rows has them side by side, and they are
 * compared with what stands together. The rows of the last date of a chunk go into the next one.
 */
export async function* wholeDays(chunks: AsyncIterable<Interpreted[]>): AsyncGenerator<Interpreted[]> {
  let kept: Interpreted[] = [];
  for await (const rows of chunks) {
    const all = [...kept, ...rows];
    const cut = lastCut(all);
    if (cut > 0) yield all.slice(0, cut);
    kept = all.slice(cut);
    if (kept.length < MOST_KEPT) continue;
    yield kept;
    kept = [];
  }
  if (kept.length > 0) yield kept;
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

import type { CursorScope, Cursors } from '../../http/paging/cursor';
import { beginning } from './fields';

/** The part of a list that is asked for: what stands behind `after` (a date and an id), one row more than is answered. */
export interface Stretch {
  readonly after: readonly [date: string, id: string];
  readonly limit: number;
}

export function stretchOf(cursors: Cursors, scope: CursorScope, cursor: string | undefined, limit: number): Stretch {
  if (cursor === undefined) return { after: beginning, limit: limit + 1 };
  const [date, id] = cursors.decode(scope, cursor);
  return { after: [String(date), String(id)], limit: limit + 1 };
}

/** The rows of a page, and the cursor of the next one where the row too many was found. */
export function pageOf<Row extends { readonly id: string }>(
  cursors: Cursors,
  scope: CursorScope,
  found: readonly Row[],
  limit: number,
  dateOf: (row: Row) => string,
): { data: readonly Row[]; nextCursor?: string } {
  const data = found.slice(0, limit);
  const last = data.at(-1);
  if (!last || found.length <= limit) return { data };
  return { data, nextCursor: cursors.encode(scope, [dateOf(last), last.id]) };
}

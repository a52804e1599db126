import type { DayException, ExceptionCode } from './exception';

/** How an exception that is on record stands. */
export type ExceptionState = 'PREMATURE' | 'OPEN' | 'ACKNOWLEDGED' | 'EXCUSED' | 'RESOLVED' | 'AUTO_CLEARED';

/** A row on record of one employee and date; code and anchor are its natural key there. */
export interface RecordedException {
  readonly id: string;
  readonly code: ExceptionCode;
  readonly anchor: string;
  readonly state: ExceptionState;
}

/** What a recompute changes in the rows of a day. */
interface ExceptionChanges {
  readonly insert: readonly DayException[];
  /** PREMATURE that has become OPEN, and rows found again after they had been cleared: the same row, not a new one. */
  readonly reopen: readonly { readonly id: string; readonly found: DayException }[];
  /** Not found any more, whatever was decided about them: the facts have changed, so the decision has lost its object. */
  readonly clear: readonly string[];
}

/** Compares what is on record for a day with what its computation finds now. In the order of the findings and rows. */
export function reconcileExceptions(
  recorded: readonly RecordedException[],
  found: readonly DayException[],
): ExceptionChanges {
  const keyOf = ({ code, anchor }: { code: ExceptionCode; anchor: string }) => `${code} ${anchor}`;
  const rows = new Map(recorded.map((row) => [keyOf(row), row]));
  const foundKeys = new Set(found.map(keyOf));
  const reopen: { id: string; found: DayException }[] = [];
  const insert: DayException[] = [];
  for (const each of found) {
    const row = rows.get(keyOf(each));
    if (!row) insert.push(each);
    else if (row.state === 'AUTO_CLEARED' || (row.state === 'PREMATURE' && each.state === 'OPEN')) {
      reopen.push({ id: row.id, found: each });
    }
  }
  const clear = recorded
    .filter((row) => row.state !== 'AUTO_CLEARED' && !foundKeys.has(keyOf(row)))
    .map((row) => row.id);
  return { insert, reopen, clear };
}

import type { DayException, ExceptionCode } from '../rules/day/exception';
import { reconcileExceptions, type ExceptionState } from '../rules/day/reconcile';

/** One that the rules found is never deleted: it clears. */
type AutomaticStatus = 'premature' | 'open' | 'approved' | 'rejected' | 'cleared';

/** An automatic exception on record. `at` in epoch seconds. */
export interface AutomaticException {
  readonly id: string;
  readonly date: string;
  readonly code: ExceptionCode;
  readonly anchor: string;
  readonly status: AutomaticStatus;
  readonly seconds: number;
  readonly at: number;
}

/** Reads what readExceptions wrote. */
export function exceptionsIn(text: string): AutomaticException[] {
  return text.split(';').map((row) => {
    const [id = '', date = '', code = '', anchor = '', status = '', seconds = '', at = ''] = row.split(',');
    return {
      id,
      date,
      code: code as ExceptionCode,
      anchor,
      status: status as AutomaticStatus,
      seconds: Number(seconds),
      at: Number(at),
    };
  });
}

/** What becomes of a row: `was` is the status that was seen, `status` the one that it gets. */
export interface ExceptionChange {
  readonly id: string;
  readonly was: AutomaticStatus;
  readonly status: AutomaticStatus;
  readonly at: number;
  readonly seconds: number;
}

const stateOf: Record<AutomaticStatus, ExceptionState> = {
  premature: 'PREMATURE',
  open: 'OPEN',
  approved: 'EXCUSED',
  rejected: 'RESOLVED',
  cleared: 'AUTO_CLEARED',
};
const statusOf = ({ state }: DayException): AutomaticStatus => (state === 'OPEN' ? 'open' : 'premature');

/**
 * What a computation changes in the exceptions of a day. Found again is the same row; a decision stands as long as what it was
 * about is the same to the second, and falls with it otherwise.
 */
export function exceptionChanges(
  rows: readonly AutomaticException[],
  found: readonly DayException[],
): { readonly insert: readonly DayException[]; readonly change: readonly ExceptionChange[] } {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const recorded = rows.map(({ id, code, anchor, status }) => ({ id, code, anchor, state: stateOf[status] }));
  const { insert, reopen, clear } = reconcileExceptions(recorded, found);
  const change: ExceptionChange[] = [];
  const become = (row: AutomaticException | undefined, status: AutomaticStatus, at: number, seconds: number) => {
    if (row) change.push({ id: row.id, was: row.status, status, at, seconds });
  };
  for (const each of reopen) become(byId.get(each.id), statusOf(each.found), each.found.at, each.found.seconds);
  for (const id of clear) {
    const row = byId.get(id);
    if (row) become(row, 'cleared', row.at, row.seconds);
  }
  const settled = new Set(change.map(({ id }) => id));
  for (const each of found) {
    const row = rows.find((candidate) => candidate.code === each.code && candidate.anchor === each.anchor);
    if (!row || settled.has(row.id) || (row.at === each.at && row.seconds === each.seconds)) continue;
    become(row, row.status === 'premature' ? statusOf(each) : 'open', each.at, each.seconds);
  }
  return { insert, change };
}

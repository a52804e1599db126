import type { DayException, ExceptionCode } from '../rules/day/exception';

/** The statuses of an exception that the rules found: it is never deleted, but cleared. */
type AutomaticStatus = 'premature' | 'open' | 'approved' | 'rejected' | 'cleared';

/** A stored exception that the rules found. `at` in epoch seconds. */
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

/** A change of a row: `was` is the status that was read, `status` the new one. */
export interface ExceptionChange {
  readonly id: string;
  readonly was: AutomaticStatus;
  readonly status: AutomaticStatus;
  readonly at: number;
  readonly seconds: number;
}

/**
 * What a computation changes in the exceptions of a day. An exception is found again by its code and anchor: its row opens when its
 * window has closed, or when it had been cleared. A decision holds as long as instant and amount are the same to the second; otherwise
 * the exception is open again. What is not found any more is cleared, whatever was decided: the facts have changed.
 */
export function exceptionChanges(
  rows: readonly AutomaticException[],
  found: readonly DayException[],
): { readonly insert: readonly DayException[]; readonly change: readonly ExceptionChange[] } {
  const keyOf = ({ code, anchor }: Pick<DayException, 'code' | 'anchor'>) => `${code} ${anchor}`;
  const rowOf = new Map(rows.map((row) => [keyOf(row), row]));
  const change: ExceptionChange[] = [];
  const insert: DayException[] = [];
  for (const each of found) {
    const { state, at, seconds } = each;
    const row = rowOf.get(keyOf(each));
    rowOf.delete(keyOf(each));
    if (!row) insert.push(each);
    else {
      const { id, status: was } = row;
      const mayOpen = was === 'premature' || was === 'cleared';
      const status = mayOpen ? state : 'open';
      const isSame = row.at === at && row.seconds === seconds;
      if (!isSame || (mayOpen && was !== status)) change.push({ id, was, status, at, seconds });
    }
  }
  for (const { id, status: was, at, seconds } of rowOf.values())
    if (was !== 'cleared') change.push({ id, was, status: 'cleared', at, seconds });
  return { insert, change };
}

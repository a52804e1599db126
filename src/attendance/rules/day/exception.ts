import type { Instant } from '../time/instant';

/** Everything a day can be wrong about. Stable names: they are part of the natural key of an exception. */
export type ExceptionCode =
  | 'IN_LATE'
  | 'OUT_EARLY'
  | 'IN_EARLY'
  | 'OUT_LATE'
  | 'SEVERE_LATE'
  | 'ABSENT'
  | 'ABSENT_SEGMENT'
  | 'MISSING_IN'
  | 'MISSING_OUT'
  | 'MISSING_BREAK_END'
  | 'ORPHAN_OUT'
  | 'ORPHAN_BREAK'
  | 'DOUBLE_IN'
  | 'DOUBLE_BREAK'
  | 'UNSCHEDULED'
  | 'SHORT_MEAL'
  | 'LATE_MEAL'
  | 'MISSING_MEAL'
  | 'MISSING_BREAK'
  | 'BREAK_ALLOWANCE_EXCEEDED'
  | 'LONG_DAY'
  | 'SHORT_REST'
  | 'SHORT_WEEKLY_REST';

/** One finding. Employee, date, `code` and `anchor` name it: the next computation that finds it again means the same row. */
export interface DayException {
  readonly code: ExceptionCode;
  /** The punch or the shift segment (`shift#0`) that it hangs on. */
  readonly anchor: string;
  /** When it happened. */
  readonly at: Instant;
  /** How much, in seconds; 0 where there is no amount. */
  readonly seconds: number;
  /** `premature`: it may still turn out all right. `open`: its window has closed. */
  readonly state: 'premature' | 'open';
}

export function compareExceptions(a: DayException, b: DayException): number {
  return (
    a.at - b.at || (a.code < b.code ? -1 : a.code > b.code ? 1 : a.anchor < b.anchor ? -1 : a.anchor > b.anchor ? 1 : 0)
  );
}

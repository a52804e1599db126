import type { Instant } from '../../rules/time/instant';
import type { DraftType } from './mapping';

/** A punch as read from a file, before its person is looked up. */
export interface DraftPunch {
  /** Number, e-mail address or PIN of a terminal, as written. */
  readonly employeeRef: string;
  readonly type: DraftType;
  /** `null` where neither the file nor the import says a zone; `local` is then to be resolved with the person's. */
  readonly at: Instant | null;
  /** What the clock on the wall showed, in seconds since 1970 of that clock: `localText` writes it. */
  readonly local: number;
  readonly deviceId?: string;
}

/** What can be wrong with one row, each with what to do about it. */
const ROW_ERROR_DETAILS = {
  invalid_date: 'not a date in the format of the mapping',
  invalid_time: 'not a time of day, such as 07:30 or 7:30 PM',
  ambiguous_local_time: 'the clocks went back and showed this time twice; write it with its offset, such as +02:00',
  nonexistent_local_time: 'the clocks went forward over this time; it never was',
  formula_without_value:
    'the cell has a formula and the file does not hold its value; open it in a spreadsheet, save it, and upload that',
  formula_failed:
    'the cell has a formula that ended in an error; correct it, or write the value, and save the file anew',
  merged_cell: 'the cell is merged with those above it; write into each row what is meant for it',
  implausible_date: 'decades away from today; correct the date, or its format in the mapping',
  invalid_break: 'not the length of a break, such as 30, 0:30 or 0,5',
  missing_value: 'a value is needed here',
  unknown_type: 'not a known direction; add it to the types of the mapping',
  value_too_long: 'too long: 254 characters for a person, 64 for a device',
  wrong_column_count: 'the row has another number of columns than the header',
  end_before_start: 'the end lies before the start, or more than a day after it',
  unreadable_row: 'the row cannot be taken apart',
} as const;
export type RowErrorCode = keyof typeof ROW_ERROR_DETAILS;

/** `column` is its name in the file, empty where the row as a whole is wrong. */
export interface RowError {
  readonly column: string;
  readonly value: string;
  readonly code: RowErrorCode;
  readonly detail: string;
}

/** `detail` where there is more to say than the code says. A NUL is shown as a mark: PostgreSQL stores none in a text. */
export function rowError(code: RowErrorCode, column: string, value: string, detail?: string): RowError {
  return {
    column,
    value: value.slice(0, 200).replaceAll('\0', '\ufffd'),
    code,
    detail: detail ?? ROW_ERROR_DETAILS[code],
  };
}

/** A row that was understood; a day without times yields no punch. */
export interface ReadableRow {
  readonly ok: true;
  readonly line: number;
  readonly employeeRef: string;
  readonly punches: readonly DraftPunch[];
}

export interface FaultyRow {
  readonly ok: false;
  readonly line: number;
  readonly errors: readonly RowError[];
}

export type Interpreted = ReadableRow | FaultyRow;

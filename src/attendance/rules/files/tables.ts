import { RuleError, type RuleFault } from '../errors';
import { clockSeconds, dateSeconds, localDate, resolveLocal, type AmbiguityRule } from './dialects';
import type { Instant } from '../time/instant';
import type { Zone } from '../time/zone';

/** A field that could not be read: the row is reported and the file goes on. `line` counts from 1, the header included. */
export interface FieldFault {
  readonly error: RuleFault;
  readonly line: number;
  readonly column: string;
  readonly value: string;
}

/** One entry of a file with a start and an end in columns of their own. */
export interface StartEndRow {
  readonly start: Instant;
  readonly end: Instant;
}

export interface StartEndColumns {
  readonly startDate: string;
  readonly startTime: string;
  readonly endDate: string;
  readonly endTime: string;
  /** Such as `MM/DD/YYYY`. */
  readonly dateFormat: string;
}

/** Clockify's detailed report. */
export const CLOCKIFY_COLUMNS: StartEndColumns = {
  startDate: 'Start Date',
  startTime: 'Start Time',
  endDate: 'End Date',
  endTime: 'End Time',
  dateFormat: 'MM/DD/YYYY',
};

/** Toggl's detailed report: ISO dates, 24-hour times, and a byte order mark that the reader of the file has to drop. */
export const TOGGL_COLUMNS: StartEndColumns = {
  startDate: 'Start date',
  startTime: 'Start time',
  endDate: 'End date',
  endTime: 'End time',
  dateFormat: 'YYYY-MM-DD',
};

/** Reads the rows below `header`; `rows[0]` stands on `firstLine`. Bad fields are listed, good rows answered. */
export function readStartEnd(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  columns: StartEndColumns,
  zone: Zone,
  options: { readonly firstLine?: number; readonly ambiguity?: AmbiguityRule } = {},
): { rows: StartEndRow[]; faults: FieldFault[] } {
  const result: StartEndRow[] = [];
  const faults: FieldFault[] = [];
  for (const [index, row] of rows.entries()) {
    const line = (options.firstLine ?? 2) + index;
    const read = (column: string, parse: (text: string) => number): number => {
      const value = row[header.indexOf(column)] ?? '';
      try {
        return parse(value);
      } catch (fault) {
        if (!(fault instanceof RuleError)) throw fault;
        faults.push({ error: fault.fault, line, column, value });
        return Number.NaN;
      }
    };
    const date = (text: string) => dateSeconds(text, columns.dateFormat);
    const startLocal = read(columns.startDate, date) + read(columns.startTime, clockSeconds);
    const endLocal = read(columns.endDate, date) + read(columns.endTime, clockSeconds);
    if (Number.isNaN(startLocal + endLocal)) continue;
    const ambiguity = options.ambiguity ?? 'reject';
    const start = read(columns.startTime, () => resolveLocal(startLocal, zone, ambiguity));
    const end = read(columns.endTime, () => resolveLocal(endLocal, zone, ambiguity));
    if (!Number.isNaN(start + end)) result.push({ start, end });
  }
  return { rows: result, faults };
}

/** One person and day with up to three in/out pairs; times as seconds from local midnight. */
export interface DailyRow {
  readonly workDate: string;
  readonly times: readonly { readonly type: 'in' | 'out'; readonly seconds: number }[];
}

/**
 * A daily summary as DingTalk exports it: titles stand above the header, which is the first row that names a known
 * column. A cell without a time is a text status ("rest") and yields no punch.
 */
export function readDailyWide(
  table: readonly (readonly string[])[],
  columns: { readonly date: string; readonly pairs: readonly { readonly in: string; readonly out: string }[] },
  dateFormat = 'YYYY-MM-DD',
): { headerLine: number; rows: DailyRow[]; faults: FieldFault[] } {
  const headerAt = table.findIndex((row) => row.some((cell) => cell.trim() === columns.date));
  const header = (table[headerAt] ?? []).map((cell) => cell.trim());
  const rows: DailyRow[] = [];
  const faults: FieldFault[] = [];
  for (const [index, row] of table.slice(headerAt + 1).entries()) {
    const cell = (column: string) => (row[header.indexOf(column)] ?? '').trim();
    try {
      const workDate = localDate(dateSeconds(cell(columns.date), dateFormat));
      const times = columns.pairs.flatMap((pair) =>
        (['in', 'out'] as const).flatMap((type) =>
          /^\d/.test(cell(pair[type])) ? [{ type, seconds: clockSeconds(cell(pair[type])) }] : [],
        ),
      );
      rows.push({ workDate, times });
    } catch (fault) {
      if (!(fault instanceof RuleError)) throw fault;
      faults.push({ error: fault.fault, line: headerAt + 2 + index, column: columns.date, value: cell(columns.date) });
    }
  }
  return { headerLine: headerAt + 1, rows, faults };
}

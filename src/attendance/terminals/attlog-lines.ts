import type { DraftPunch, FaultyRow } from '../imports/reading/draft';
import { Interpreter } from '../imports/reading/interpreter';
import { TERMINAL_COLUMNS, TERMINAL_FIELDS } from '../imports/reading/profiles';
import type { Row } from '../imports/reading/row';
import { terminalRow } from '../imports/reading/terminal-file';
import { Problem } from '../../http/problems/problem';
import { FUTURE_TOLERANCE_MS } from '../punches/decide';
import { type RecordedType, recordedTypes } from '../punches/presence';
import { formatDate, SECONDS_PER_DAY } from '../rules/time/calendar';
import type { Zone } from '../rules/time/zone';
import { accessRow, isAccessLine } from './access-lines';
import type { Device, StateMap } from './device';

/** A line that says who, when and which way. */
export interface ReportedLine {
  readonly text: string;
  readonly pin: string;
  readonly type: RecordedType;
  readonly at: Date;
  /** Minutes east of UTC that the clock of the terminal showed then. */
  readonly offsetMinutes: number;
  /** Local date by the clock of the terminal. */
  readonly date: string;
}

/** A line that no punch could be made of, and why. */
export interface RejectedLine {
  readonly text: string;
  readonly reason: string;
  readonly detail: string;
}

export interface ReadLines {
  readonly lines: readonly ReportedLine[];
  readonly rejected: readonly RejectedLine[];
}

/** 9999 in UTC: what lies behind is no date that a database or a calendar can hold, wherever the terminal is. */
const END_OF_TIME = Date.UTC(9999, 0, 1) / 1000;
const beyond = { reason: 'punch_in_future', detail: 'The clock of the terminal has left the calendar. Set it right.' };
/** More than any terminal writes; the rest of a longer line is noise. */
export const LONGEST = 1000;
/** As many punches as an upload of 1 MiB can hold, with a PIN of one digit and nothing behind the time: no honest terminal has more. */
const MOST_LINES = 48_000;
const STATE = TERMINAL_COLUMNS.indexOf('state');
const MAPPING = {
  fields: TERMINAL_FIELDS,
  dateFormat: 'YYYY-MM-DD',
  ignoreTexts: false,
} as const;

/**
 * Reads the lines of an upload by what the clock of its terminal shows and what its keys mean. What the order of the lines settles of an hour shown
 * twice is settled, and so is a time whose second showing is yet to come; what neither settles is rejected, like a time that never
 * was: a guess would move an hour of somebody's pay.
 */
export function readLines(
  texts: readonly string[],
  { states }: Pick<Device, 'states'>,
  zone: Zone,
  now: Date,
): ReadLines {
  const interpreter = new Interpreter(TERMINAL_COLUMNS, MAPPING, { timeZone: zone, kind: 'punches', anyDate: true });
  const parsed = texts.map((text, index) =>
    isAccessLine(text) ? accessRow(text, index) : terminalRow(text, index, 'push'),
  );
  const rows = parsed.map((row, line) =>
    'cells' in row ? withDirection(row, states) : { line, cells: [], fault: row.detail },
  );
  const lines: ReportedLine[] = [];
  const rejected: RejectedLine[] = [];
  for (const [index, result] of interpreter.interpret(rows).entries()) {
    const text = texts[index] ?? '';
    const row = parsed[index];
    if (row && 'reason' in row) {
      rejected.push({ text, ...row });
      continue;
    }
    const said = result.ok ? saidBy(result.punches[0]) : firstShowing(rows[index], result, zone, now);
    if (said && said.at < END_OF_TIME) {
      const offsetMinutes = Math.round(zone.offsetAt(said.at) / 60);
      lines.push({ text, ...said, at: new Date(said.at * 1000), offsetMinutes });
    } else if (said) rejected.push({ text, ...beyond });
    else rejected.push({ text, ...reasonOf(result.ok ? undefined : result.errors[0]) });
  }
  return { lines, rejected };
}

type Said = Omit<ReportedLine, 'text' | 'at' | 'offsetMinutes'> & { readonly at: number };

function withDirection(row: Row, states: StateMap): Row {
  if (row.fault !== undefined) return row;
  return { ...row, cells: row.cells.map((cell, at) => (at === STATE ? (states[cell] ?? 'unknown') : cell)) };
}

function saidBy(punch: DraftPunch | undefined): Said | undefined {
  if (!punch || punch.at === null) return undefined;
  return {
    pin: punch.employeeRef,
    type: punch.type,
    at: punch.at,
    date: formatDate(Math.floor(punch.local / SECONDS_PER_DAY)),
  };
}

/** A time that the clock shows twice, sent before the second time: it can only be the first. */
function firstShowing(row: Row | undefined, { errors }: FaultyRow, zone: Zone, now: Date): Said | undefined {
  const [pin = '', local = '', , state] = row?.cells ?? [];
  const type = recordedTypes.find((known) => known === state);
  if (type === undefined || errors.length !== 1 || errors[0]?.code !== 'ambiguous_local_time') return undefined;
  const { earlier, later } = zone.resolve(Date.parse(`${local}Z`) / 1000);
  const isYetToCome = later * 1000 > now.getTime() + FUTURE_TOLERANCE_MS;
  return isYetToCome ? { pin, type, at: earlier, date: local.slice(0, 10) } : undefined;
}

/**
 * The lines of a body as they are read and, where need be, kept: without ends, empty ones and what no table can hold.
 * Throws body_too_large for more of them than punches could be.
 */
export function uploadedLines(body: string): string[] {
  const lines = body.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  if (lines.length > MOST_LINES)
    throw new Problem(
      'body_too_large',
      `An upload may have ${MOST_LINES} lines. Set the terminal to send fewer at a time.`,
    );
  return lines.map((line) => line.slice(0, LONGEST).replaceAll('\0', '\ufffd'));
}

const unreadable = { code: 'unreadable_row', detail: 'the line cannot be taken apart' };
const reasonOf = ({ code, detail }: { code: string; detail: string } = unreadable) => ({ reason: code, detail });

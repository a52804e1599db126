import { Interpreter } from '../imports/reading/interpreter';
import { TERMINAL_COLUMNS, TERMINAL_FIELDS } from '../imports/reading/profiles';
import { terminalRow } from '../imports/reading/terminal-file';
import type { RecordedType } from '../punches/presence';
import { zoneNamed } from '../rules/time/zone';
import type { Device } from './device';

/** A line that says who, when and which way. */
export interface ToldLine {
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
  readonly told: readonly ToldLine[];
  readonly rejected: readonly RejectedLine[];
}

/** 9999 in UTC: what lies behind is no date that a database or a calendar can hold, wherever the terminal is. */
const END_OF_TIME = Date.UTC(9999, 0, 1) / 1000;
const beyond = { reason: 'punch_in_future', detail: 'The clock of the terminal has left the calendar. Set it right.' };
/** More than any terminal writes; the rest of a longer line is noise. */
const LONGEST = 1000;
const STATE = TERMINAL_COLUMNS.indexOf('state');

/**
 * Reads the lines of an upload by the clock and the keys of its terminal. What the order of the lines settles of an hour shown
 * twice is settled; what it does not is rejected, like a time that never was: a guess would move an hour of somebody's pay.
 */
export function readLines(
  texts: readonly string[],
  { timeZone, states }: Pick<Device, 'timeZone' | 'states'>,
): ReadLines {
  const mapping = {
    fields: TERMINAL_FIELDS,
    dateFormat: 'YYYY-MM-DD',
    decimalTimes: 'hours',
    ignoreTexts: false,
  } as const;
  const interpreter = new Interpreter(TERMINAL_COLUMNS, mapping, { timeZone, kind: 'punches' });
  const rows = texts.map((text, index) => {
    const row = terminalRow(text, index, 'push');
    if (row.fault !== undefined) return row;
    return { ...row, cells: row.cells.map((cell, at) => (at === STATE ? (states[cell] ?? 'unknown') : cell)) };
  });
  const zone = zoneNamed(timeZone);
  const told: ToldLine[] = [];
  const rejected: RejectedLine[] = [];
  for (const [index, result] of interpreter.interpret(rows).entries()) {
    const text = texts[index] ?? '';
    const punch = result.ok ? result.punches[0] : undefined;
    if (!result.ok) rejected.push({ text, ...reasonOf(result.errors[0]) });
    else if (punch?.at !== undefined && punch.at !== null && punch.at >= END_OF_TIME)
      rejected.push({ text, ...beyond });
    else if (punch && punch.at !== null) {
      const { employeeRef: pin, type, at, local } = punch;
      const offsetMinutes = Math.round(zone.offsetAt(at) / 60);
      told.push({ text, pin, type, at: new Date(at * 1000), offsetMinutes, date: local.slice(0, 10) });
    }
  }
  return { told, rejected };
}

/** The lines of a body as they are read and, where need be, kept: without ends, empty ones and what no table can hold. */
export function linesOf(body: string): string[] {
  return body
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '')
    .map((line) => line.slice(0, LONGEST).replaceAll('\0', '\ufffd'));
}

const unreadable = { code: 'unreadable_row', detail: 'the line cannot be taken apart' };
const reasonOf = ({ code, detail }: { code: string; detail: string } = unreadable) => ({ reason: code, detail });

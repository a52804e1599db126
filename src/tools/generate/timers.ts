import { localText } from '../../attendance/imports/reading/local-time';
import type { DayTruth } from './options';

const CLOCKIFY = [
  ...['Project', 'Client', 'User', 'Email', 'Start Date', 'Start Time', 'End Date', 'End Time'],
  ...['Duration (h)', 'Duration (decimal)'],
];
const TOGGL = [
  ...['User', 'Email', 'Client', 'Project', 'Description', 'Start date', 'Start time', 'End date', 'End time'],
  ...['Duration', 'Tags'],
];
const quoted = (cells: readonly string[]) => `${cells.map((cell) => `"${cell}"`).join(',')}\n`;
const bare = (cells: readonly string[]) => `${cells.join(',')}\r\n`;

/** Exports of time trackers: a row for a start and an end, each with its date. */
export const TIMER_WRITERS = {
  clockify: { head: quoted(CLOCKIFY), columns: CLOCKIFY, line: quoted },
  toggl: { head: `\ufeff${bare(TOGGL)}`, columns: TOGGL, line: bare },
} as const;

/** The address of a generated person: trackers know people by nothing else. */
export const emailOf = (employeeNumber: string) => `${employeeNumber.toLowerCase()}@generated.example`;

/** Month first, and half days. */
export function clockifyCells({ employeeNumber, punches }: DayTruth): string[] {
  const written = startAndEnd(punches).map((local) => {
    if (local === undefined) return ['', ''];
    const [year, month, day, hour, minute] = localText(local).split(/[-T:]/);
    const half = Number(hour) < 12 ? 'AM' : 'PM';
    return [`${month ?? ''}/${day ?? ''}/${year ?? ''}`, `${((Number(hour) + 11) % 12) + 1}:${minute ?? ''} ${half}`];
  });
  return ['Works', 'Acme', `Person ${employeeNumber}`, emailOf(employeeNumber), ...written.flat(), '', ''];
}

/** The year first, and seconds. */
export function togglCells({ employeeNumber, punches }: DayTruth): string[] {
  const written = startAndEnd(punches).map((local) => (local === undefined ? ['', ''] : localText(local).split('T')));
  return [`Person ${employeeNumber}`, emailOf(employeeNumber), 'Acme', 'Works', '', ...written.flat(), '', ''];
}

const startAndEnd = (punches: DayTruth['punches']) =>
  (['in', 'out'] as const).map((type) => punches.find((punch) => punch.type === type)?.local);

import { z } from 'zod';
import type { Detected } from '../../../../src/attendance/imports/reading/detected';
import type { DraftPunch, Interpreted } from '../../../../src/attendance/imports/reading/draft';
import { numberOf } from '../../../../src/attendance/imports/reading/numbers';
import { formatInstant } from '../../../../src/attendance/rules/time/instant';
import { inspected, interpreted } from '../../../imports/reading/scene';
import { read, text, Unsupported } from '../case';
import type { CaseContext, Observer, Observers } from '../context';
import { fileOf } from './files';

/** Rows of files, from their bytes on as the server reads them: what the file is taken for, and what comes of its row. */
export const IMPORT_OBSERVERS: Observers = {
  pin: async (context) => (await punchOf(context)).employeeRef,
  local: cell('time', String),
  deviceNo: cell('device', Number),
  verify: cell('verify', Number),
  workcode: async (context, wanted) => {
    const code = await cellOf(context, 'workcode');
    return typeof wanted === 'number' ? Number(code) : code;
  },
  // A line of as many columns is read.
  columns: async (context) => {
    await punchOf(context);
    return fileOf(context).content.trimEnd().split('\t').length;
  },
  state: async (context, wanted) => {
    const { type } = await punchOf(context);
    if (typeof wanted === 'number') return Number(await cellOf(context, 'state'));
    return type;
  },
  type: async (context, wanted) => spelled((await punchOf(context)).type, wanted),
  direction: async (context, wanted) => spelled((await punchOf(context)).type, wanted),
  utc: async (context) => instantOf(await punchOf(context)),
  startUtc: async (context) => instantOf(await punchOf(context, 0)),
  endUtc: async (context) => instantOf(await punchOf(context, 1)),
  seconds: async (context) => ((await punchOf(context, 1)).at ?? NaN) - ((await punchOf(context, 0)).at ?? NaN),
  kept: async (context) => (await rowsOf(context)).filter(({ ok }) => ok).length,
  rejected: async (context) => (await rowsOf(context)).filter(({ ok }) => !ok).length,
  firstColumn: async (context) => (await detectedOf(context)).columns[0] ?? null,
  profile: async (context) => (await detectedOf(context)).profile,
  headerLine: async (context) => (await detectedOf(context)).headerLine,
  error: async (context) => (await firstFault(context))?.code.toUpperCase() ?? null,
  line: async (context) => (await firstFault(context))?.line ?? null,
  column: async (context) => (await firstFault(context))?.column ?? null,
  // What the hours of a row come to, from its first punch to its last.
  hours: async (context, wanted) => {
    const rows = (await rowsOf(context)).slice(0, Array.isArray(wanted) ? wanted.length : 1);
    const hours = rows.map((row) => (row.ok ? spanOf(row.punches) / 3600 : null));
    return Array.isArray(wanted) ? hours : hours[0];
  },
  rate: (context) => numbersOf(context).at(-1),
  firstIn: async (context) => clockOf((await punchesOf(context)).find(({ type }) => type === 'in')),
  lastOut: async (context) => clockOf((await punchesOf(context)).findLast(({ type }) => type === 'out')),
  workDate: async (context) => localOf(await punchOf(context)).slice(0, 10),
};

const spelled = (type: string, wanted: unknown) =>
  typeof wanted === 'string' && wanted === wanted.toUpperCase() ? type.toUpperCase() : type;

function cell(column: string, as: (value: string) => unknown): Observer {
  return async (context) => as(await cellOf(context, column));
}

async function cellOf(context: CaseContext, column: string): Promise<string> {
  const { columns } = await detectedOf(context);
  const index = columns.indexOf(column);
  if (index < 0) throw new Unsupported(`a column ${column}; there are ${columns.join()}`);
  return (await shownRow(context))[index] ?? '';
}

async function shownRow(context: CaseContext): Promise<readonly string[]> {
  return (await detectedOf(context)).sample[0]?.cells ?? [];
}

function detectedOf(context: CaseContext): Promise<Detected> {
  return context.once('detected', () => inspected(fileOf(context).content, fileOf(context)));
}

function rowsOf(context: CaseContext): Promise<readonly Interpreted[]> {
  return context.once('rows', () => {
    const { content, ...reading } = fileOf(context);
    return interpreted(content, { timeZone: context.given.timezone, ...reading });
  });
}

async function punchesOf(context: CaseContext): Promise<readonly DraftPunch[]> {
  const [row] = await rowsOf(context);
  if (!row?.ok) throw new Error(`no row could be read: ${JSON.stringify(row?.errors)}`);
  return row.punches;
}

async function punchOf(context: CaseContext, index = 0): Promise<DraftPunch> {
  const punch = (await punchesOf(context))[index];
  if (!punch) throw new Error(`the row makes no punch ${index + 1}`);
  return punch;
}

async function firstFault(context: CaseContext) {
  const [row] = (await rowsOf(context)).flatMap((each) => (each.ok ? [] : [each]));
  const fault = row?.errors[0];
  return row && fault ? { line: row.line, ...fault } : undefined;
}

const spanOf = (punches: readonly DraftPunch[]) => (punches.at(-1)?.at ?? NaN) - (punches[0]?.at ?? NaN);
const instantOf = ({ at }: DraftPunch) => (at === null ? null : formatInstant(at));
const localOf = ({ local }: DraftPunch) => new Date(local * 1000).toISOString().slice(0, 19);
const clockOf = (punch: DraftPunch | undefined) => (punch ? localOf(punch).slice(11, 16) : null);

function numbersOf({ given: { inputs } }: CaseContext): number[] {
  return read(z.array(z.string()), inputs.values, 'values').map((value) => numberOf(text(value, 'values')));
}

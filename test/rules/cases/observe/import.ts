import { z } from 'zod';
import { parseAttlogLine, type AttlogRow } from '../../../../src/attendance/rules/files/attlog';
import {
  decimalNumber,
  durationSeconds,
  parseLocal,
  resolveLocal,
} from '../../../../src/attendance/rules/files/dialects';
import {
  CLOCKIFY_COLUMNS,
  readDailyWide,
  readStartEnd,
  TOGGL_COLUMNS,
  type StartEndColumns,
  type StartEndRow,
} from '../../../../src/attendance/rules/files/tables';
import { formatInstant } from '../../../../src/attendance/rules/time/instant';
import { formatTime } from '../../../../src/attendance/rules/time/local-time';
import { read, text, Unsupported } from '../case';
import type { CaseContext, Observer, Observers } from '../context';

/** Rows of files, as the sources write them. */
export const IMPORT_OBSERVERS: Observers = {
  pin: attlog((row) => row.pin),
  local: attlog((row) => row.local),
  deviceNo: attlog((row) => row.deviceNumber),
  state: attlog((row) => row.state),
  verify: attlog((row) => row.verify),
  columns: attlog((row) => row.columns),
  workcode: attlog((row, wanted) => (typeof wanted === 'number' ? Number(row.workcode) : row.workcode)),
  utc: (context) => {
    const { zone } = context.setup;
    return formatInstant(resolveLocal(parseLocal(rowOf(context).local), zone, 'reject'));
  },
  startUtc: (context) => formatInstant(entryOf(context).start),
  endUtc: (context) => formatInstant(entryOf(context).end),
  seconds: (context) =>
    context.given.inputs.duration === undefined
      ? entryOf(context).end - entryOf(context).start
      : durationSeconds(text(context.given.inputs.duration, 'duration')),
  error: (context) => badField(context)?.error ?? null,
  line: (context) => badField(context)?.line ?? null,
  column: (context) => badField(context)?.column ?? null,
  hours: (context, wanted) => numbersOf(context).slice(0, Array.isArray(wanted) ? wanted.length : 1),
  rate: (context) => numbersOf(context).at(-1),
  firstIn: (context) => daily(context).times.find((each) => each.type === 'in')?.clock ?? null,
  lastOut: (context) => daily(context).times.findLast((each) => each.type === 'out')?.clock ?? null,
  workDate: (context) => daily(context).workDate,
};

function attlog(of: (row: AttlogRow, wanted: unknown) => unknown): Observer {
  return (context, wanted) => of(rowOf(context), wanted);
}

function rowOf({ given: { rules, inputs } }: CaseContext): AttlogRow {
  const format = read(z.enum(['zk-usb-dat', 'zk-adms']), rules.format, 'format');
  return parseAttlogLine(text(inputs.line, 'line'), format === 'zk-adms' ? 'push' : 'usb');
}

const pairSchema = z.tuple([z.string(), z.string()]);

const FORMATS: Readonly<Record<string, StartEndColumns>> = { clockify: CLOCKIFY_COLUMNS, toggl: TOGGL_COLUMNS };

/** The file that the case describes: a header and one row, on line 2. A lone `value` is a start date, copied from a good row otherwise. */
function startEnd({ given: { rules, inputs }, setup }: CaseContext) {
  const known = FORMATS[text(rules.format, 'format')];
  if (!known) throw new Unsupported(`format: ${String(rules.format)}`);
  const dateFormat = rules.dateFormat === undefined ? known.dateFormat : text(rules.dateFormat, 'dateFormat');
  const columns = { ...known, dateFormat };
  const good = dateFormat.replace('YYYY', '2024').replace('MM', '01').replace('DD', '15');
  const start = inputs.value === undefined ? inputs.start : [text(inputs.value, 'value'), '09:00'];
  const end = inputs.value === undefined ? inputs.end : [good, '10:00'];
  const row = [...read(pairSchema, start, 'start'), ...read(pairSchema, end, 'end')];
  const header = [columns.startDate, columns.startTime, columns.endDate, columns.endTime];
  return readStartEnd(header, [row], columns, setup.zone);
}

function entryOf(context: CaseContext): StartEndRow {
  const [entry] = startEnd(context).rows;
  if (!entry) throw new Unsupported('no row could be read');
  return entry;
}

function badField(context: CaseContext) {
  return startEnd(context).faults[0];
}

function numbersOf({ given: { rules, inputs } }: CaseContext): number[] {
  const decimal = read(z.enum([',', '.']), rules.decimal ?? '.', 'decimal');
  return read(z.array(z.string()), inputs.values, 'values').map((value) => decimalNumber(value, decimal));
}

const PAIRS = [1, 2, 3].map((number) => ({ in: `in${number}`, out: `out${number}` }));

/** The row below two title rows and a header, as the exporter writes it. */
function daily({ given: { rules, inputs } }: CaseContext) {
  if (rules.format !== 'daily-wide') throw new Unsupported(`format: ${String(rules.format)}`);
  const row = read(z.record(z.string(), z.string()), inputs.row, 'row');
  const titles = rules.headerDetection === true ? [['Daily summary'], ['Exported at', '12:00']] : [];
  const table = [...titles, Object.keys(row), Object.values(row)];
  const [day] = readDailyWide(table, { date: 'date', pairs: PAIRS }).rows;
  if (!day) throw new Unsupported('no row could be read');
  return { ...day, times: day.times.map(({ type, seconds }) => ({ type, clock: formatTime(seconds) })) };
}

import { z } from 'zod';
import { read, text, Unsupported } from '../case';
import type { CaseContext } from '../context';

/** A file as its source writes it, and what its reader is told besides. */
export interface CaseFile {
  readonly content: string;
  readonly fileName: string;
  readonly defaults?: { readonly dayStart: string };
  readonly mapping?: { readonly dateFormat: 'MM/DD/YYYY' | 'DD/MM/YYYY' | 'YYYY-MM-DD' };
}

const MARK = '\ufeff';
const pairSchema = z.tuple([z.string(), z.string()]);

/** The file that a case describes: itself, a line of a terminal, a row with start and end, or a row for a day. */
export function fileOf({ given: { rules, inputs } }: CaseContext): CaseFile {
  const format = text(rules.format, 'format');
  const whole = ['text', 'csv', 'csvText', 'content', 'file']
    .map((name) => inputs[name])
    .find((value) => value !== undefined);
  if (whole !== undefined) return { content: mark(rules, inputs) + text(whole, 'text'), fileName: '' };
  switch (format) {
    case 'zk-usb-dat':
    case 'zk-usb-dat-named':
      return { content: linesOf(inputs, '\r\n'), fileName: '1_attlog.dat' };
    case 'zk-adms':
      return { content: linesOf(inputs, '\n'), fileName: '' };
    case 'clockify':
      return startEnd(rules, inputs, 'User,Email,Start Date,Start Time,End Date,End Time', 'MM/DD/YYYY');
    case 'toggl':
      return startEnd(rules, inputs, 'User,Email,Start date,Start time,End date,End time', 'YYYY-MM-DD');
    case 'harvest':
      return { content: hoursOnly(inputs), fileName: '', defaults: { dayStart: '00:00' } };
    case 'daily-wide':
      return { content: daily(rules, inputs), fileName: '' };
    default:
      throw new Unsupported(`format: ${format}`);
  }
}

type Values = Readonly<Record<string, unknown>>;

/** Exporters of spreadsheets begin a file with a byte order mark. */
const mark = (rules: Values, inputs: Values) => (rules.bom === true || inputs.bom === true ? MARK : '');

function linesOf(inputs: Values, end: string): string {
  const lines = read(z.union([z.string(), z.array(z.string())]), inputs.lines ?? inputs.line, 'line');
  return [lines]
    .flat()
    .map((line) => `${line}${end}`)
    .join('');
}

/** A row with hours and no times for each of the values, on dates of their own; the start of the day is given with the file. */
function hoursOnly(inputs: Values): string {
  const rows = read(z.array(z.string()), inputs.values, 'values').map(
    (value, index) => `2026-01-${String(index + 5).padStart(2, '0')};C;P;T;${value};12`,
  );
  return ['Date;Client;Project;Task;Hours;Employee Id', ...rows, ''].join('\n');
}

/** A header and one row, on line 2. A lone `value` is a start date; the rest of the row is good. */
function startEnd(rules: Values, inputs: Values, header: string, usual: string): CaseFile {
  const dateFormat = read(z.enum(['MM/DD/YYYY', 'DD/MM/YYYY', 'YYYY-MM-DD']), rules.dateFormat ?? usual, 'dateFormat');
  const good = dateFormat.replace('YYYY', '2024').replace('MM', '01').replace('DD', '15');
  const [start, end] =
    inputs.value === undefined
      ? [read(pairSchema, inputs.start, 'start'), read(pairSchema, inputs.end, 'end')]
      : [
          [text(inputs.value, 'value'), '09:00'],
          [good, '10:00'],
        ];
  const headings =
    inputs.header === undefined
      ? header
      : [read(z.union([z.string(), z.array(z.string())]), inputs.header, 'header')].flat().join(',');
  const row = ['Ada', 'ada@example.test', ...start, ...end].map((value) => `"${value}"`).join(',');
  return { content: `${mark(rules, inputs)}${headings}\n${row}\n`, fileName: '', mapping: { dateFormat } };
}

/** The row below two title rows and a header, as the exporter writes it. */
function daily(rules: Values, inputs: Values): string {
  const row = { userId: '7', ...read(z.record(z.string(), z.string()), inputs.row, 'row') };
  const titles = rules.headerDetection === true ? ['Daily summary', 'Exported at,12:00'] : [];
  return [...titles, Object.keys(row).join(','), Object.values(row).join(','), ''].join('\n');
}

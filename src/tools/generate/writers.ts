import { sheetRow } from '../../attendance/files/xlsx/workbook';
import { localText } from '../../attendance/imports/reading/local-time';
import { clockifyCells, TIMER_WRITERS, togglCells } from './timers';
import type { DayTruth, PunchTruth, Shape } from './options';

/** How a shape is written. A row is its cells until the last moment, so that a fault can be put into one of them. */
interface Writer {
  /** Titles and header. */
  readonly head: string;
  readonly columns: readonly string[];
  readonly line: (cells: readonly string[]) => string;
}

const DINGTALK = [
  ...['姓名', '考勤组', '部门', '工号', '日期', '班次'],
  ...['上班1打卡时间', '上班1打卡结果', '下班1打卡时间', '下班1打卡结果'],
];
const DINGTALK_TITLE = '每日统计表\r\n报表生成时间：2026-02-01 08:00\r\n';
const PUNCHES = ['employeeNumber', 'type', 'timestamp', 'deviceId'];
const DAYS = ['employeeNumber', 'date', 'in', 'out', 'breakMinutes'];

export const WRITERS: Readonly<Record<Shape, Writer>> = {
  'plain-punches': csv(PUNCHES),
  'plain-days': csv(DAYS),
  'dingtalk-daily': csv(DINGTALK, DINGTALK_TITLE),
  attlog: tabs(['pin', 'time', 'device', 'state', 'verify', 'workcode'], '\r\n', 9),
  'attlog-5': tabs(['pin', 'time', 'device', 'state', 'verify'], '\r\n', 9),
  adms: tabs(['pin', 'time', 'state', 'verify', 'workcode', 'reserved1', 'reserved2'], '\n', 0),
  ndjson: { head: '', columns: PUNCHES, line: jsonLine },
  'xlsx-punches': { head: '', columns: PUNCHES, line: sheetRow },
  'xlsx-days': { head: '', columns: DAYS, line: sheetRow },
  ...TIMER_WRITERS,
};

/** No generated cell holds a comma or a quotation mark, so none needs quoting. */
function csv(columns: readonly string[], title = ''): Writer {
  const line = (cells: readonly string[]) => `${cells.join(',')}\r\n`;
  return { head: `\ufeff${title}${line(columns)}`, columns, line };
}

function tabs(columns: readonly string[], end: string, pinWidth: number): Writer {
  return {
    head: '',
    columns,
    line: ([pin = '', ...rest]) => `${pin.padStart(pinWidth)}\t${rest.join('\t')}${end}`,
  };
}

/** Cells beyond the columns and missing ones have no meaning here; a row is cut off instead to be faulty. */
function jsonLine(cells: readonly string[]): string {
  return `${JSON.stringify(Object.fromEntries(cells.map((cell, index) => [PUNCHES[index] ?? '', cell])))}\n`;
}

/** The cells of one punch; `state` is what the terminal wrote for its direction. */
export function punchCells(shape: Shape, employeeNumber: string, punch: PunchTruth, state: string): string[] {
  const text = localText(punch.local);
  if (shape === 'plain-punches' || shape === 'ndjson' || shape === 'xlsx-punches')
    return [employeeNumber, punch.type, text, 'front-door'];
  const time = text.replace('T', ' ');
  if (shape === 'adms') return [employeeNumber, time, state, '1', '0', '0', '0'];
  const six = [employeeNumber, time, '1', state, '1', '0'];
  return shape === 'attlog' ? six : six.slice(0, 5);
}

/** The cells of one day. */
export function dayCells(shape: Shape, day: DayTruth): string[] {
  const { employeeNumber, date, punches, breakMinutes } = day;
  if (shape === 'clockify') return clockifyCells(day);
  if (shape === 'toggl') return togglCells(day);
  const [start, end] = [clockOf(punches, 'in'), clockOf(punches, 'out')];
  if (shape === 'plain-days' || shape === 'xlsx-days')
    return [employeeNumber, date, start, end, breakMinutes === 0 ? '' : String(breakMinutes)];
  const results = [start === '' ? '缺卡' : '正常', end === '' ? '缺卡' : '正常'] as const;
  const name = `员工${employeeNumber}`;
  return [name, '总部', '生产部', employeeNumber, date, '早班', start, results[0], end || '缺卡', results[1]];
}

function clockOf(punches: readonly PunchTruth[], type: 'in' | 'out'): string {
  const punch = punches.find((each) => each.type === type);
  return punch ? localText(punch.local).slice(11, 16) : '';
}

import { RuleError } from '../errors';

/**
 * Rows of ZKTeco punch files. Two orders exist: the USB export carries a device number before the state, the PUSH body
 * does not (its device is the serial number of the request). The time column is found by its pattern, not by its index:
 * some firmware puts a name before it.
 */
export interface AttlogRow {
  readonly pin: string;
  /** `2020-08-26T23:08:49`, the wall clock of the device. */
  readonly local: string;
  /** `null` in the PUSH order. */
  readonly deviceNumber: number | null;
  /** 255 where the line has none: somebody was there, and nobody said which way. */
  readonly state: number;
  readonly verify: number;
  /** As written; empty where the device knows none. */
  readonly workcode: string;
  readonly columns: number;
}

/** What terminals without keys send. An empty column is none of theirs either: read as 0, it would be an `in` that nobody pressed. */
const NO_STATE = 255;
const TIME = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}$/;

/** Throws INVALID_ROW for a line without PIN or time, and for one with NUL bytes. */
export function parseAttlogLine(line: string, order: 'usb' | 'push'): AttlogRow {
  if (line.includes('\0')) throw new RuleError('INVALID_ROW', 'NUL byte: a binary export, not text');
  const columns = line.replace(/\r?\n?$/, '').split('\t');
  const timeAt = columns.findIndex((column) => TIME.test(column.trim()));
  const pin = (columns[0] ?? '').trim();
  if (timeAt < 1 || pin === '') throw new RuleError('INVALID_ROW', line);
  const rest = columns.slice(timeAt + 1).map((column) => column.trim());
  const [deviceNumber, state, verify, workcode] = order === 'usb' ? rest : [null, ...rest];
  return {
    pin,
    local: (columns[timeAt] ?? '').trim().replace(' ', 'T'),
    deviceNumber: deviceNumber === null ? null : wholeNumber(deviceNumber, line),
    state: state ? wholeNumber(state, line) : NO_STATE,
    verify: wholeNumber(verify, line),
    workcode: workcode ?? '',
    columns: columns.length,
  };
}

/** An empty column is 0, as the devices mean it of everything but the state. */
function wholeNumber(text: string | null | undefined, line: string): number {
  const value = Number(text ?? '');
  if (!Number.isInteger(value)) throw new RuleError('INVALID_ROW', line);
  return value;
}

import { parseAttlogLine, type AttlogRow } from '../../rules/files/attlog';
import { RuleError } from '../../rules/errors';
import type { Row } from './row';

/** PIN, perhaps a name, a time with seconds, then short numbers or nothing: no table with headings looks like this. */
const TERMINAL_LINE = /^ *[^\t]+\t(?:[^\t]*\t)?\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(?:\t[ \d]*)+$/;

/**
 * The order of a terminal file, `null` for any other text. USB and PUSH differ in one column, the device number after
 * the time. Numbers of devices begin with 1 and states with 0, so a 0 there is a state; PUSH lines also end in reserved
 * columns that USB lines do not have.
 */
export function terminalOrder(lines: readonly string[]): 'usb' | 'push' | null {
  const filled = lines.filter((line) => line.trim() !== '');
  const matching = filled.filter((line) => TERMINAL_LINE.test(line));
  if (matching.length === 0 || matching.length < 0.8 * filled.length) return null;
  const afterTime = matching.map((line) => line.replace(/^.*?\d{2}:\d{2}:\d{2}\t/, '').split('\t'));
  return afterTime.some(([first, ...rest]) => first?.trim() === '0' || rest.length >= 4) ? 'push' : 'usb';
}

/** A line as cells in the order of TERMINAL_COLUMNS. */
export function terminalRow(text: string, line: number, order: 'usb' | 'push'): Row {
  try {
    return { line, cells: cellsOf(parseAttlogLine(text, order)) };
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return { line, cells: [text.slice(0, 200)], fault: 'a line of a terminal needs a PIN, a time and numbers' };
  }
}

function cellsOf(row: AttlogRow): string[] {
  const device = row.deviceNumber === null ? '' : String(row.deviceNumber);
  return [row.pin, row.local, device, String(row.state), String(row.verify), row.workcode];
}

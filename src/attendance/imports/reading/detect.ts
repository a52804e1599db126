import { byteOrderMark, decoderOf, encodingOf, type Encoding } from './encoding';
import { guessDelimiter, sampleRows } from './csv-sample';
import type { Detected } from './detected';
import { ImportFileError } from './errors';
import { jsonColumns, jsonRow } from './json-line';
import { describeTable, describeTerminal } from './describe';
import { refuseForeignFormats, ZIP } from './signatures';
import { TERMINAL_COLUMNS } from './profiles';
import { terminalOrder, terminalRow } from './terminal-file';

/** How much of a file is looked at. */
export const HEAD_BYTES = 65_536;

/**
 * What a file is, from its first 64 KiB. The content decides: names and media types are what a browser guessed from
 * the ending, and terminals and exporters lie about both; the name only settles a terminal file that could be either.
 * A workbook is recognised here and described by `inspectFile`, because its directory is at its end.
 * `knownEncoding` is for a caller who has looked further. Throws ImportFileError.
 */
export function detect(head: Buffer, fileName = '', mediaType = '', knownEncoding?: Encoding): Detected {
  if (head.length === 0) throw new ImportFileError('empty_file');
  refuseForeignFormats(head);
  if (head.subarray(0, 4).equals(ZIP)) return workbookToOpen();
  const encoding = knownEncoding ?? encodingOf(head);
  if (!byteOrderMark(head).encoding && head.includes(0)) {
    throw new ImportFileError('not_a_table', 'The file is binary: it holds NUL bytes.');
  }
  const text = wholeLines(decoderOf(encoding)(head), head.length < HEAD_BYTES);
  if (text.trim() === '') throw new ImportFileError('empty_file');
  refuseMarkup(text);
  const lines = text.split(/\r\n|\n|\r/).slice(0, 500);
  const order = terminalOrder(lines);
  if (order) {
    const isPush = order === 'push' && !/attlog.*\.dat$/i.test(fileName);
    const rows = lines
      .map((line, index) => ({ line, number: index + 1 }))
      .filter(({ line }) => line.trim() !== '')
      .map(({ line, number }) => terminalRow(line, number, isPush ? 'push' : 'usb'));
    return describeTerminal(isPush ? 'adms' : 'attlog', encoding, TERMINAL_COLUMNS, rows);
  }
  if (/^\s*\{/.test(text)) return detectJson(lines, encoding, mediaType);
  const delimiter = guessDelimiter(text);
  if (!delimiter) throw new ImportFileError('not_a_table', 'No comma, semicolon, tab or stroke divides the lines.');
  const part = { format: 'csv', encoding, delimiter, quote: '"', workbook: null } as const;
  return describeTable(part, sampleRows(text, delimiter));
}

/** The head may end within a line; a cut row would look like a fault. */
function wholeLines(text: string, isWhole: boolean): string {
  if (isWhole) return text;
  const end = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'));
  return end < 0 ? text : text.slice(0, end + 1);
}

function refuseMarkup(text: string): void {
  if (/^\s*<(?:!doctype|\?xml|html|table|[a-z])/i.test(text)) {
    throw new ImportFileError('not_a_table', 'The file is a web page or XML, whatever its name ends in.');
  }
  if (/^\s*\[\s*[[{]/.test(text)) {
    throw new ImportFileError('not_a_table', 'The file is one JSON array; NDJSON has one object on each line.');
  }
}

function detectJson(lines: readonly string[], encoding: Encoding, mediaType: string): Detected {
  const filled = lines.map((line, index) => ({ line, number: index + 1 })).filter(({ line }) => line.trim() !== '');
  const readable = filled.filter(({ line }) => jsonColumns([line]) !== null);
  const columns = jsonColumns(readable.map(({ line }) => line)) ?? [];
  if (readable.length === 0 || columns.length === 0) {
    const sentAs = mediaType === '' ? '' : ` (sent as ${mediaType.slice(0, 60)})`;
    throw new ImportFileError('not_a_table', `The file begins like JSON${sentAs} but has no object on each line.`);
  }
  const places = new Map(columns.map((column, index) => [column, index]));
  const rows = filled.map(({ line, number }) => jsonRow(line, number, places));
  const part = { format: 'ndjson', encoding, delimiter: null, quote: null, workbook: null } as const;
  return describeTable(part, rows, columns);
}

/** Nothing is known of a workbook yet but that it is one. */
function workbookToOpen(): Detected {
  return {
    format: 'xlsx',
    encoding: 'utf-8',
    delimiter: null,
    quote: null,
    headerLine: null,
    columns: [],
    profile: null,
    kind: 'punches',
    mapping: null,
    warnings: ['mapping_incomplete'],
    sample: [],
    workbook: null,
  };
}

import { parse, type Parser } from 'csv-parse';
import type { Delimiter } from './detected';
import { ImportFileError } from './errors';
import { breaksWithin, isBlank, type Row } from './row';
import { MAX_ROW_CHARACTERS } from './source';

/** What the reader of one CSV file is told. */
export interface CsvDialect {
  readonly delimiter: Delimiter;
  /** The line of the header, which with all above it is not handed on; 0 for none. */
  readonly headerLine: number;
  readonly width: number;
}

/**
 * The rows of UTF-8 chunks without a byte order mark, as many at a time as a chunk held. csv-parse answers 640,000 rows a second this way (written
 * to and drained by hand; its own line counter would halve that, so the line breaks within cells are counted here).
 * A faulty row is handed on with its fault. Throws too_many_columns, cell_too_long.
 */
export async function* csvRows(chunks: AsyncIterable<Buffer | string>, dialect: CsvDialect): AsyncGenerator<Row[]> {
  const parser = parse({
    delimiter: dialect.delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_records_with_error: true,
    max_record_size: MAX_ROW_CHARACTERS,
    record_delimiter: ['\r\n', '\n', '\r'],
  });
  // An empty row of the right width goes first: csv-parse measures rows by the first one, and for every row that differs
  // it builds an error even where it is told not to mind, which below a title of one cell made it 18 times as slow.
  parser.write(`${dialect.delimiter.repeat(dialect.width - 1)}\n`);
  const faults: string[] = [];
  parser.on('skip', ({ code }: { code: string }) => faults.push(code));
  parser.on('error', () => undefined);
  const numbered = numbering(dialect);
  for await (const chunk of chunks) {
    parser.write(chunk);
    yield drain(parser, numbered);
    if (faults.length > 0) throw tooLong(numbered.nextLine());
  }
  parser.end();
  const last: Row[] = [];
  for await (const cells of parser as AsyncIterable<unknown>) {
    const row = isRecord(cells) ? numbered.row(cells) : null;
    if (row) last.push(row);
  }
  if (faults.includes('CSV_MAX_RECORD_SIZE')) throw tooLong(numbered.nextLine());
  if (faults.length > 0) {
    last.push({ line: numbered.nextLine(), cells: [], fault: 'a quotation mark is opened here and never closed' });
  }
  yield last;
}

function tooLong(line: number): ImportFileError {
  return new ImportFileError('cell_too_long', `See line ${line}.`);
}

function drain(parser: Parser, numbered: Numbering): Row[] {
  const rows: Row[] = [];
  for (let cells: unknown = parser.read(); isRecord(cells); cells = parser.read()) {
    const row = numbered.row(cells);
    if (row) rows.push(row);
  }
  return rows;
}

/** The parser promises no type; without `columns` and `cast` its records are arrays of texts, and null is none yet. */
function isRecord(value: unknown): value is string[] {
  return Array.isArray(value);
}

interface Numbering {
  readonly row: (cells: string[]) => Row | null;
  readonly nextLine: () => number;
}

function numbering({ headerLine, width, delimiter }: CsvDialect): Numbering {
  let next = 0;
  return {
    nextLine: () => next,
    row: (cells) => {
      const line = next;
      const breaks = breaksWithin(cells, line);
      next += 1 + breaks;
      if (line <= headerLine || isBlank(cells)) return null;
      // A cell that spans lines and could be a row itself has swallowed some.
      const isSwallowed = (cell: string) => cell.includes('\n') && cell.split(delimiter).length >= width;
      if (breaks === 0 || (cells.length === width && !cells.some(isSwallowed))) return { line, cells };
      const fault = `a quotation mark opened here closes only on line ${line + breaks}`;
      return { line, cells, fault };
    },
  };
}

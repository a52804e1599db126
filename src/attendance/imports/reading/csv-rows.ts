import { parse, type Parser } from 'csv-parse';
import { type CsvDialect, type Numbering, numbering, tooLong } from './csv-numbering';
import { plainRows } from './plain-rows';
import type { Row } from './row';
import { MAX_ROW_CHARACTERS } from './source';

/**
 * The rows of UTF-8 chunks without a byte order mark, as many at a time as a chunk held. As long as no quotation mark is seen a row is
 * what stands between two line ends, and is cut out without a parser; from the first mark on csv-parse reads, which answers 640,000 rows
 * a second this way (written to and drained by hand; its own line counter would halve that, so the line breaks within cells are counted
 * by us). A faulty row is handed on with its fault. Throws too_many_columns, cell_too_long.
 */
export async function* csvRows(chunks: AsyncIterable<Buffer | string>, dialect: CsvDialect): AsyncGenerator<Row[]> {
  const numbered = numbering(dialect);
  const source = chunks[Symbol.asyncIterator]();
  try {
    const begun = yield* plainRows(source, dialect.delimiter, numbered);
    if (begun !== null) yield* parsedRows(begun, source, dialect, numbered);
  } finally {
    await source.return?.();
  }
}

async function* parsedRows(
  begun: Buffer | string,
  rest: AsyncIterator<Buffer | string>,
  dialect: CsvDialect,
  numbered: Numbering,
): AsyncGenerator<Row[]> {
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
  const records = withoutFirst(numbered);
  const faults: string[] = [];
  parser.on('skip', ({ code }: { code: string }) => faults.push(code));
  parser.on('error', () => undefined);
  for (let chunk: Buffer | string | undefined = begun; chunk !== undefined; chunk = await next(rest)) {
    parser.write(chunk);
    yield drain(parser, records);
    if (faults.length > 0) throw tooLong(numbered.nextLine());
  }
  parser.end();
  const last: Row[] = [];
  for await (const cells of parser as AsyncIterable<unknown>) {
    const row = isRecord(cells) ? records(cells) : null;
    if (row) last.push(row);
  }
  if (faults.includes('CSV_MAX_RECORD_SIZE')) throw tooLong(numbered.nextLine());
  if (faults.length > 0) {
    last.push({ line: numbered.nextLine(), cells: [], fault: 'a quotation mark is opened here and never closed' });
  }
  yield last;
}

async function next(source: AsyncIterator<Buffer | string>): Promise<Buffer | string | undefined> {
  const step = await source.next();
  return step.done === true ? undefined : step.value;
}

/** Passes over the row that was put in front. */
function withoutFirst({ row }: Numbering): Numbering['row'] {
  let isFirst = true;
  return (cells) => {
    if (!isFirst) return row(cells);
    isFirst = false;
    return null;
  };
}

function drain(parser: Parser, records: Numbering['row']): Row[] {
  const rows: Row[] = [];
  for (let cells: unknown = parser.read(); isRecord(cells); cells = parser.read()) {
    const row = records(cells);
    if (row) rows.push(row);
  }
  return rows;
}

/** The parser promises no type; without `columns` and `cast` its records are arrays of texts, and null is none yet. */
function isRecord(value: unknown): value is string[] {
  return Array.isArray(value);
}

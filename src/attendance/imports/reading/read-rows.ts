import { stat } from 'node:fs/promises';
import { csvRows } from './csv-rows';
import type { Detected } from './detected';
import { jsonRow } from './json-line';
import { BATCH_CHARACTERS, BATCH_ROWS, charactersOf, type ReadProgress, type Row } from './row';
import { chunksOf, linesOf, textOf, unmarked } from './source';
import { terminalRow } from './terminal-file';
import { readSheet } from './xlsx/read-sheet';

export interface ReadOptions {
  /** Called before each batch is handed over. */
  readonly onProgress?: (progress: ReadProgress) => void;
}

/**
 * The rows below the header in batches of up to 1,000, read as they are asked for, so memory stays flat whatever the
 * size. A workbook is read in a thread of its own, which ends with the reading. A row that cannot be taken apart comes with its fault.
 * Throws ImportFileError for what makes the rest of the file unreadable.
 */
export async function* readRows(path: string, detected: Detected, options: ReadOptions = {}): AsyncGenerator<Row[]> {
  const progress = { bytes: 0, totalBytes: (await stat(path)).size, rows: 0 };
  let batch: Row[] = [];
  let characters = 0;
  for await (const rows of rowsOf(path, detected, progress)) {
    for (const row of rows) {
      characters += charactersOf(row.cells);
      if (batch.push(row) < BATCH_ROWS && characters < BATCH_CHARACTERS) continue;
      progress.rows += batch.length;
      options.onProgress?.({ ...progress });
      yield batch;
      batch = [];
      characters = 0;
    }
  }
  progress.rows += batch.length;
  options.onProgress?.({ ...progress });
  if (batch.length > 0) yield batch;
}

function rowsOf(
  path: string,
  detected: Detected,
  progress: { bytes: number; totalBytes: number },
): AsyncGenerator<Row[]> {
  if (detected.format === 'xlsx') return workbookRows(path, detected, progress);
  const { encoding, format } = detected;
  const chunks = chunksOf(path, (bytes) => (progress.bytes += bytes));
  if (format === 'csv') {
    const dialect = {
      delimiter: detected.delimiter ?? ',',
      headerLine: detected.headerLine ?? 0,
      width: detected.columns.length,
    };
    // The parser takes UTF-8 as it comes from the disk; only other encodings are turned into text first.
    return csvRows(encoding === 'utf-8' ? unmarked(chunks) : textOf(chunks, encoding), dialect);
  }
  const text = textOf(chunks, encoding);
  if (format === 'ndjson') {
    const places = new Map(detected.columns.map((column, index) => [column, index]));
    return lineRows(text, (line, number) => jsonRow(line, number, places));
  }
  return lineRows(text, (line, number) => terminalRow(line, number, format === 'adms' ? 'push' : 'usb'));
}

async function* lineRows(
  text: AsyncIterable<string>,
  toRow: (line: string, number: number) => Row,
): AsyncGenerator<Row[]> {
  let number = 0;
  for await (const lines of linesOf(text)) {
    const rows: Row[] = [];
    for (const line of lines) {
      number += 1;
      if (line.trim() !== '') rows.push(toRow(line, number));
    }
    yield rows;
  }
}

async function* workbookRows(
  path: string,
  detected: Detected,
  progress: { bytes: number; totalBytes: number },
): AsyncGenerator<Row[]> {
  const { facts, pieces } = await readSheet(path, { sheet: detected.workbook?.sheet });
  progress.totalBytes = facts.totalBytes;
  const headerLine = detected.headerLine ?? 0;
  const width = detected.columns.length;
  for await (const { rows, bytes } of pieces) {
    progress.bytes += bytes;
    yield rows.filter(({ line }) => line > headerLine).map((row) => padded(row, width));
  }
}

/** A sheet stores no empty cells behind the last filled one of a row. */
function padded(row: Row, width: number): Row {
  const missing = width - row.cells.length;
  return missing <= 0 ? row : { ...row, cells: [...row.cells, ...Array<string>(missing).fill('')] };
}

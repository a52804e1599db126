import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Detected } from '../reading/detected';
import { readRows } from '../reading/read-rows';
import { isBlank, type Row } from '../reading/row';
import { faultCells, type LineFaults } from './line-faults';
import { RawLines } from './raw-lines';
import { ERROR_COLUMNS, errorLine, isErrorFile, originalRow, ownWidth } from '../reading/error-file-rows';

/**
 * The rows of a file that were rejected, as CSV with the columns of the file and ours behind them, read from the file again and handed
 * on as they are found: memory holds a batch of rows, whatever the size.
 */
export async function* rejectedRows(
  path: string,
  detected: Detected,
  faults: AsyncGenerator<LineFaults>,
  limit: number,
): AsyncGenerator<string> {
  const { columns } = detected;
  const width = ownWidth(columns);
  const restored = isErrorFile(columns) ? originalRow : (row: Row) => row;
  const raw = new RawLines(path, detected.encoding);
  yield `\ufeff${errorLine([...columns.slice(0, width), ...ERROR_COLUMNS])}`;
  try {
    let left = limit;
    let fault = await next(faults);
    for await (const rows of readRows(path, detected)) {
      let text = '';
      for (const row of rows) {
        while (fault && fault.line < row.line) fault = await next(faults);
        if (!fault || left === 0) break;
        if (fault.line > row.line) continue;
        for await (const part of partsOf(row, detected, raw)) {
          const { line, cells } = restored(part);
          const own = Array.from({ length: width }, (_, n) => cells[n] ?? '');
          text += written(own, faultCells(fault, line), cells.slice(columns.length));
        }
        left -= 1;
      }
      if (text !== '') yield text;
      if (!fault || left === 0) return;
      await nextTurn();
    }
  } finally {
    await Promise.all([raw.close(), faults.return(undefined)]);
  }
}

async function next(faults: AsyncGenerator<LineFaults>): Promise<LineFaults | undefined> {
  const step = await faults.next();
  return step.done === true ? undefined : step.value;
}

/** The row itself; of a row that could not be parsed, its lines, each divided as far as possible. */
async function* partsOf(row: Row, { format, delimiter }: Detected, raw: RawLines): AsyncGenerator<Row> {
  if (row.fault === undefined || format === 'xlsx') {
    yield row;
    return;
  }
  const breaks = row.cells.join('').split('\n').length - 1;
  // Nothing is left of a row whose quotation mark is never closed: it goes on to the end of the file.
  const last = row.cells.length === 0 ? Infinity : row.line + breaks;
  for await (const { line, text } of raw.between(row.line, last)) {
    const cells = format === 'csv' ? text.replaceAll('"', '').split(delimiter ?? ',') : [text];
    yield { line, cells };
  }
}

/** Missing cells are empty. Surplus cells come last, so the row stays faulty until somebody corrects it. */
const written = (own: readonly string[], fault: readonly string[], rest: readonly string[]) =>
  errorLine([...own, ...fault, ...(isBlank(rest) ? [] : rest)]);

import { type CellDelimiter, csvLine } from '../files/csv';
import type { ExportFormat } from './export.schemas';
import { workbookOf } from '../files/xlsx/workbook';

export const mediaTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ndjson: 'application/x-ndjson',
};

/** What a format has before, between and after its lines. A csv without headings begins with its first line. */
export function framed(
  format: ExportFormat,
  headings: readonly string[],
  lines: AsyncIterable<string>,
  delimiter: CellDelimiter,
): AsyncGenerator<string | Buffer> {
  switch (format) {
    case 'csv':
      return behind(headings.length === 0 ? '' : csvLine(headings, delimiter), lines);
    case 'xlsx':
      return workbookOf(headings, lines);
    case 'ndjson':
      return behind('', lines);
  }
}

async function* behind(first: string, lines: AsyncIterable<string>): AsyncGenerator<string> {
  if (first !== '') yield first;
  yield* lines;
}

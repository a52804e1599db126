import { csvCell } from './csv';
import type { Delimiter, ExportFormat } from './export.schemas';
import { workbookOf } from './xlsx/workbook';

export const mediaTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ndjson: 'application/x-ndjson',
};

/** What stands around the lines of a format. */
export function framed(
  format: ExportFormat,
  headings: readonly string[],
  lines: AsyncIterable<string>,
  delimiter: Delimiter,
): AsyncGenerator<string | Buffer> {
  switch (format) {
    case 'csv':
      return behind(`${headings.map(csvCell).join(delimiter)}\r\n`, lines);
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

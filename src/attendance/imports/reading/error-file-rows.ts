import { csvLine, FORMULA_SIGNS } from '../../files/csv';
import type { Detected } from './detected';
import type { Interpreted } from './draft';
import { Interpreter } from './interpreter';
import { mappingFields } from './mapping';
import type { Row } from './row';

/** The columns that an error file has after those of the original file. A reader ignores them: no mapping names them. */
export const ERROR_COLUMNS = ['error_code', 'error_column', 'error_detail', 'line'] as const;

/** How many columns of a header come from the original file: all, unless it is an error file. */
export function ownWidth(columns: readonly string[]): number {
  const at = columns.indexOf(ERROR_COLUMNS[0]);
  const isOurs = at > 0 && ERROR_COLUMNS.every((name, n) => columns[at + n]?.replace(/ \(\d+\)$/, '') === name);
  return isOurs ? at : columns.length;
}

const ESCAPED = new RegExp(`^'+[${FORMULA_SIGNS}]`);

/**
 * A line of an error file. A spreadsheet must not run its cells, and a corrected file must hold the same cells again. So a cell that looks
 * like a formula gets an apostrophe in front, and one that has apostrophes before such a sign gets one more; `original` removes one.
 */
export function errorLine(cells: readonly string[]): string {
  return csvLine(cells.map((cell) => (ESCAPED.test(cell) ? `'${cell}` : cell)));
}

/** A cell of an error file as it was in the original file. */
const original = (cell: string) => (ESCAPED.test(cell) ? cell.slice(1) : cell);

/** The description of a file; that of an error file gets the headings of the original file. */
export function withoutErrorColumns(detected: Detected): Detected {
  if (!isErrorFile(detected.columns)) return detected;
  const { mapping } = detected;
  const fields = Object.entries(mapping?.fields ?? {}).map(([field, column]) => [field, original(column)]);
  return {
    ...detected,
    columns: detected.columns.map(original),
    mapping: mapping && { ...mapping, fields: mappingFields.parse(Object.fromEntries(fields)) },
  };
}

export const isErrorFile = (columns: readonly string[]): boolean => ownWidth(columns) < columns.length;

/** A row of an error file with the cells of the original file. */
export const originalRow = (row: Row): Row => ({ ...row, cells: row.cells.map(original) });

/** Interprets the rows of an error file as those of the original file. */
export class ErrorFileInterpreter extends Interpreter {
  override interpret(rows: readonly Row[]): Interpreted[] {
    return super.interpret(rows.map(originalRow));
  }
}

import { csvLine, FORMULA_SIGNS } from '../../files/csv';
import type { Detected } from './detected';
import type { Interpreted } from './draft';
import { Interpreter } from './interpreter';
import type { Mapping } from './mapping';
import { mappingFields } from './mapping';
import type { Row } from './row';

/** What stands behind the columns of the file in an error file. A reader passes over them: no mapping names them. */
export const ERROR_COLUMNS = ['error_code', 'error_column', 'error_detail', 'line'] as const;

/** How many columns of a header are the file's own: those before ours, where it is that of an error file; else all. */
export function ownWidth(columns: readonly string[]): number {
  const at = columns.indexOf(ERROR_COLUMNS[0]);
  const isOurs = at > 0 && ERROR_COLUMNS.every((name, n) => columns[at + n]?.replace(/ \(\d+\)$/, '') === name);
  return isOurs ? at : columns.length;
}

const ESCAPED = new RegExp(`^'+[${FORMULA_SIGNS}]`);

/**
 * A line of an error file. A spreadsheet must not run what stands in it, and what comes back must be what went out: a cell that looks like
 * a formula gets an apostrophe in front, and one that has apostrophes before such a sign already gets one more, so that `original` can
 * take off exactly one from whatever has any.
 */
export function errorLine(cells: readonly string[]): string {
  return csvLine(cells.map((cell) => (ESCAPED.test(cell) ? `'${cell}` : cell)));
}

/** A cell of an error file as it was. */
const original = (cell: string) => (ESCAPED.test(cell) ? cell.slice(1) : cell);

/** The description of an error file that comes back, with the headings of the file that it was made from. */
export function asReturned(detected: Detected): Detected {
  if (ownWidth(detected.columns) === detected.columns.length) return detected;
  const { mapping } = detected;
  const fields = Object.entries(mapping?.fields ?? {}).map(([field, column]) => [field, original(column)]);
  return {
    ...detected,
    columns: detected.columns.map(original),
    mapping: mapping && { ...mapping, fields: mappingFields.parse(Object.fromEntries(fields)) },
  };
}

/** How a row of a file with these columns loses what an error file put in front of its cells; undefined where it is no error file. */
export function restorer(columns: readonly string[]): ((row: Row) => Row) | undefined {
  if (ownWidth(columns) === columns.length) return undefined;
  return (row) => ({ ...row, cells: row.cells.map(original) });
}

/** Reads the rows of an error file that comes back as what they were, and those of any other file as they are. */
export class ReturnedRows extends Interpreter {
  private readonly restored: ((row: Row) => Row) | undefined;

  constructor(columns: readonly string[], mapping: Mapping, options: ConstructorParameters<typeof Interpreter>[2]) {
    super(columns, mapping, options);
    this.restored = restorer(columns);
  }

  override interpret(rows: readonly Row[]): Interpreted[] {
    return super.interpret(this.restored ? rows.map(this.restored) : rows);
  }
}

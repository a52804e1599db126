import { rowError, type RowError, type RowErrorCode } from './draft';
import { ImportFileError } from './errors';
import { type MappingField, type MappingFields, TIME_FIELDS } from './mapping';
import type { Row } from './row';

const SHARED: ReadonlySet<MappingField> = new Set(['employee', 'date', 'deviceId']);

const ZERO =
  'the cell has a formula with the value 0, as programs write that do not calculate; open and save it in a spreadsheet program, and write a real midnight as 00:00 or 24:00';

/** How spreadsheets in any language show that a formula has failed: `#REF!`, `#N/A`, `#DIV/0!`, `#NAME?`, `#BEZUG!`, `#NV`. */
const FAILED = /^#\p{Lu}[\p{Lu}\d/_]*[!?]?$/u;

/** The cells of one row by what they mean, and the place where its errors gather. */
export class Cells {
  readonly errors: RowError[] = [];

  constructor(
    private readonly row: Row,
    private readonly columns: Columns,
  ) {}

  /** Trimmed; empty where the file has no such column. */
  text(field: MappingField): string {
    const at = this.columns.places[field];
    return at === undefined ? '' : (this.row.cells[at] ?? '').trim();
  }

  /** A person and a date may be written once for several rows; what is merged of anything else would count several times. */
  failMerged(): void {
    for (const [field, at] of Object.entries(this.columns.places) as [MappingField, number][]) {
      if (this.row.filled?.includes(at) === true && !SHARED.has(field)) this.fail('merged_cell', field);
    }
  }

  /** Midnight is what a clock shows that was never calculated, and would be paid. */
  failZeros(): void {
    for (const field of ['timestamp', ...TIME_FIELDS] as const) {
      const at = this.columns.places[field];
      if (at !== undefined && this.row.zeros?.includes(at) === true) this.fail('formula_without_value', field, ZERO);
    }
  }

  fail(code: RowErrorCode, field: MappingField, detail?: string): void {
    const value = this.text(field);
    const column = this.columns.fields[field] ?? '';
    const isFormula = value.startsWith('=') && code !== 'value_too_long';
    if (isFormula) this.errors.push(rowError('formula_without_value', column, value));
    else if (FAILED.test(value)) this.errors.push(rowError('formula_failed', column, value));
    else this.errors.push(rowError(code, column, value, detail));
  }

  /** A person or a device may be any text; the error of a formula is neither. */
  failFormulas(): void {
    for (const field of ['employee', 'deviceId'] as const) {
      const text = this.text(field);
      if (text.startsWith('#') && FAILED.test(text)) this.fail('formula_failed', field);
    }
  }
}

export interface Columns {
  readonly width: number;
  readonly fields: MappingFields;
  readonly places: Readonly<Partial<Record<MappingField, number>>>;
}

/** The positions of the mapped columns. Throws unknown_column. */
export function locate(columns: readonly string[], fields: MappingFields): Columns {
  const places: Record<string, number> = {};
  for (const [field, column] of Object.entries(fields)) {
    const at = columns.indexOf(column);
    if (at < 0) throw new ImportFileError('unknown_column', `There is no column "${column}".`);
    places[field] = at;
  }
  return { width: columns.length, fields, places };
}

/**
 * Why a whole file is refused. The set is closed and every code says what to do about it; a fault of one row is never
 * among them, because one bad row must not cost the other million.
 */
export const IMPORT_FILE_REMEDIES = {
  empty_file: 'The file holds no rows. Export it again and check that the period has data.',
  not_a_table: 'Only CSV, XLSX, NDJSON and terminal files can be read. Save the data as CSV (UTF-8) or XLSX.',
  encrypted_workbook: 'The workbook is protected with a password. Save a copy without one and upload that.',
  workbook_too_large: 'The workbook holds more than can be read safely. Save the sheet as CSV, or split it by month.',
  too_many_columns: 'A row has more than 1,000 columns. Delete the columns that are not needed.',
  cell_too_long: 'A cell has more than 32,767 characters. Often a quotation mark is opened and never closed.',
  truncated: 'The workbook is incomplete or damaged. Upload it again, or open it and save a fresh copy.',
  several_sheets:
    'One sheet is read at a time. Upload the file with ?sheet= and its name, and again for each further one, or put all into one sheet.',
  unknown_column: 'The mapping names a column that the file does not have. Choose among the columns of the file.',
} as const;

export type ImportFileCode = keyof typeof IMPORT_FILE_REMEDIES;

/** Thrown for a file that cannot be read at all; `detail` is for the person who chose the file and says the remedy. */
export class ImportFileError extends Error {
  /** `found` is what was seen, as a sentence; it stands before the remedy. `detail` is both, from a thread that has put it together. */
  constructor(
    readonly code: ImportFileCode,
    found?: string,
    readonly detail: string = found === undefined
      ? IMPORT_FILE_REMEDIES[code]
      : `${found} ${IMPORT_FILE_REMEDIES[code]}`,
  ) {
    super(`${code}: ${detail}`);
    this.name = 'ImportFileError';
  }
}

import { ImportFileError } from './errors';

/** Excel's own limit for the text of one cell; what is longer is an unclosed quotation mark, not data. */
export const MAX_CELL_LENGTH = 32_767;
export const MAX_COLUMNS = 1_000;
/** Rows handed over at a time: enough to make the hand-over cheap, few enough to keep memory flat. */
export const BATCH_ROWS = 1_000;
/** And no more characters than that: a thousand rows of the greatest length would fill the memory. */
export const BATCH_CHARACTERS = 4 << 20;

/** One row of the file, in the order of `Detected.columns`. */
export interface Row {
  /** The line it begins on, from 1, header and titles included; in a workbook the row number. */
  readonly line: number;
  /** As written; dates and times of a workbook as ISO text, so that no later step needs its epoch. */
  readonly cells: readonly string[];
  /** Columns whose cell is part of one that is merged with rows above; they hold its value. */
  readonly filled?: readonly number[];
  /** Columns whose cell is a formula with the value 0, which is also what programs write that calculate nothing. */
  readonly zeros?: readonly number[];
  /** Why the row could not be taken apart; its cells mean nothing then. */
  readonly fault?: string;
}

/** What has been read so far, in bytes of the file (of the unpacked sheet for a workbook). */
export interface ReadProgress {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly rows: number;
}

export function charactersOf(cells: readonly string[]): number {
  let characters = 0;
  for (const cell of cells) characters += cell.length;
  return characters;
}

export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell === '' || cell.trim() === '');
}

/**
 * Line breaks within the cells of a row, for the line number of the next one. Throws too_many_columns and
 * cell_too_long: both mean that the whole file is cut up wrongly.
 */
export function breaksWithin(cells: readonly string[], line: number): number {
  if (cells.length > MAX_COLUMNS) throw new ImportFileError('too_many_columns', `See line ${line}.`);
  let breaks = 0;
  for (const cell of cells) {
    if (cell.length > MAX_CELL_LENGTH) throw new ImportFileError('cell_too_long', `See line ${line}.`);
    for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) breaks += 1;
  }
  return breaks;
}

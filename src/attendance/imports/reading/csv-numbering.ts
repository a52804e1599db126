import type { Delimiter } from './detected';
import { ImportFileError } from './errors';
import { breaksWithin, isBlank, type Row } from './row';

/** Options of the reader of one CSV file. */
export interface CsvDialect {
  readonly delimiter: Delimiter;
  /** The line of the header, which with all above it is not handed on; 0 for none. */
  readonly headerLine: number;
  readonly width: number;
}

/** Gives the records of a file their lines. */
export interface Numbering {
  /** The record on the next line; null for one that is not to be handed on. */
  readonly row: (cells: string[]) => Row | null;
  readonly nextLine: () => number;
}

export function numbering({ headerLine, width, delimiter }: CsvDialect): Numbering {
  let next = 1;
  return {
    nextLine: () => next,
    row: (cells) => {
      const line = next;
      const breaks = breaksWithin(cells, line);
      next += 1 + breaks;
      if (line <= headerLine || isBlank(cells)) return null;
      // A cell that spans lines and could be a row itself has swallowed some.
      const isSwallowed = (cell: string) => cell.includes('\n') && cell.split(delimiter).length >= width;
      if (breaks === 0 || (cells.length === width && !cells.some(isSwallowed))) return { line, cells };
      const fault = `a quotation mark opened here closes only on line ${line + breaks}`;
      return { line, cells, fault };
    },
  };
}

export function tooLong(line: number): ImportFileError {
  return new ImportFileError('cell_too_long', `See line ${line}.`);
}

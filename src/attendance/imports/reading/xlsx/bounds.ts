import { ImportFileError } from '../errors';

/**
 * How much of each kind a workbook may hold. Where Excel has a limit of its own it is that one ("Excel specifications and limits");
 * where it has none, it is far above what anybody has by hand. Whatever is collected while a file is read has its line here.
 */
const MOST = {
  'cell formats': 65_490,
  'number formats': 10_000,
  sheets: 1_000,
  relationships: 10_000,
  parts: 10_000,
  rows: 1_048_576,
  'merged cells': 100_000,
  characters: 1 << 30,
  'levels of elements': 100,
} as const;

/** Excel takes 255 characters for a number format, 31 for the name of a sheet, and writes short names of parts. */
const LONGEST_NAME = 1_000;

/** Throws workbook_too_large, with the kind, for one more than there may be. */
export function boundCount(kind: keyof typeof MOST, count: number): void {
  if (count <= MOST[kind]) return;
  throw new ImportFileError('workbook_too_large', `It has more than ${MOST[kind].toLocaleString('en')} ${kind}.`);
}

/** The text itself. Throws workbook_too_large where it is too long to be kept as a name, a code or a target. */
export function boundName(text: string): string {
  if (text.length <= LONGEST_NAME) return text;
  throw new ImportFileError(
    'workbook_too_large',
    `A name, a target or a number format in it has more than ${LONGEST_NAME.toLocaleString('en')} characters.`,
  );
}

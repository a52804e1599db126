/** What a spreadsheet runs as a formula, wide forms of East Asian keyboards included; for a class of a pattern. */
export const FORMULA_SIGNS = '=+\\-@\\t\\r\\n＝＋－＠';
const FORMULA_START = new RegExp(`^[${FORMULA_SIGNS}]`);
const PLAIN_NUMBER = /^[+-]?\d+(?:[.,]\d+)?$/;
const NEEDS_QUOTES = { ',': /[",\r\n]/, ';': /[";\r\n]/, '\t': /["\t\r\n]/ } as const;

/** Delimiters. */
export type CellDelimiter = keyof typeof NEEDS_QUOTES;

/**
 * One cell of a CSV export, quoted as RFC 4180 says. Names, notes and reasons come from people, and a spreadsheet runs
 * a cell that begins with `=`, `+`, `-` or `@`: such a text gets an apostrophe in front, which the spreadsheet shows as
 * nothing and a program can take off. A plain number keeps its sign, and `007` its zeros. `null` is an empty cell.
 */
export function csvCell(value: string | number | boolean | null | undefined, delimiter: CellDelimiter = ','): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  const isFormula = FORMULA_START.test(text) && !PLAIN_NUMBER.test(text);
  const safe = isFormula ? `'${text}` : text;
  return NEEDS_QUOTES[delimiter].test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A line of an export with its end. */
export function csvLine(
  values: readonly (string | number | boolean | null | undefined)[],
  delimiter: CellDelimiter = ',',
): string {
  return `${values.map((value) => csvCell(value, delimiter)).join(delimiter)}\r\n`;
}

/** Numbers are looked for with zeros in front up to this length when one has lost or won some: those of cards have up to 20 digits. */
const WIDEST_NUMBER = 24;

/**
 * The number without zeros in front, as terminals and spreadsheets write it: `917` for `00917`, and `917.0` where a table was
 * written by a program that takes every number for a fraction. What is no number is its own.
 */
export function withoutZeros(text: string): string {
  const digits = /^(\d+)(?:\.0)?$/.exec(text)?.[1];
  return digits === undefined ? text : digits.replace(/^0+(?=\d)/, '');
}

/**
 * What a spreadsheet makes of a number of twelve digits and more: it shows six of them (`1.23457E+11`, and `123457000000` when that is
 * read again), and keeps fifteen.
 */
const CUT = /^\d(?:[.,]\d{1,5})?E\+?[12]\d$|^(?=\d{12})[1-9]\d{0,5}0+(?:\.0)?$|^[1-9]\d{14}0+(?:\.0)?$/i;

/** Whether a number looks like one of which a spreadsheet has cut digits off. */
export const hasLostDigits = (text: string): boolean => CUT.test(text);

/** The text itself and, of a number, every spelling of it that differs in the zeros in front alone. */
export function spellingsOf(text: string): string[] {
  const bare = withoutZeros(text);
  if (!/^\d+$/.test(bare)) return [text];
  const zeros = Math.max(0, WIDEST_NUMBER - bare.length);
  return [text, ...Array.from({ length: zeros + 1 }, (_, count) => '0'.repeat(count) + bare)];
}

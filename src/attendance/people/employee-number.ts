/** Numbers are padded with zeros up to this length when one has lost or won some of them. */
const WIDEST_NUMBER = 12;

/**
 * The number without zeros in front, as terminals and spreadsheets write it: `917` for `00917`, and `917.0` where a table was
 * written by a program that takes every number for a fraction. What is no number is its own.
 */
export function withoutZeros(text: string): string {
  const digits = /^(\d+)(?:\.0)?$/.exec(text)?.[1];
  return digits === undefined ? text : digits.replace(/^0+(?=\d)/, '');
}

/** The text itself and, of a number, every spelling of it that differs in the zeros in front alone. */
export function spellingsOf(text: string): string[] {
  const bare = withoutZeros(text);
  if (!/^\d+$/.test(bare)) return [text];
  const zeros = Math.max(0, WIDEST_NUMBER - bare.length);
  return [text, ...Array.from({ length: zeros + 1 }, (_, count) => '0'.repeat(count) + bare)];
}

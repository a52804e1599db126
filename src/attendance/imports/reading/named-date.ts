import { MONTHS, wordKey } from './month-names';

/** Words that stand in dates and say nothing: `16 de noviembre de 2026`, `16th of November`. */
const FILLERS: ReadonlySet<string> = new Set([
  'de',
  'del',
  'of',
  'the',
  'den',
  'der',
  'el',
  'le',
  'er',
  'st',
  'nd',
  'rd',
  'th',
]);

/** Year, month and day of a date as texts of digits. */
type DateParts = readonly [year: string, month: string, day: string];

/**
 * A date whose month is a name: `16-Nov-2026`, `Nov 16, 2026`, `16. November 26`, `16 de noviembre de 2026`, with a weekday in front or
 * behind; and `2026年11月16日`. Null for what is none: without its year a date is not known, and of two numbers that could both be the
 * day the one beside the month's other side is.
 */
export function namedDate(text: string): DateParts | null {
  const eastern = /^(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日일]?(?: ?\p{L}+)?$/u.exec(text);
  if (eastern) return [eastern[1] ?? '', eastern[2] ?? '', eastern[3] ?? ''];
  const tokens = text.match(/\p{L}[\p{L}\p{M}]*|\d+/gu) ?? [];
  const months = tokens.flatMap((token, at) =>
    MONTHS.has(wordKey(token)) ? [{ at, month: MONTHS.get(wordKey(token)) }] : [],
  );
  const numbers = tokens.flatMap((token, at) => (/^\d/.test(token) ? [{ at, token }] : []));
  const [first, second] = numbers;
  const [found] = months;
  if (!found || months.length > 1 || !first || !second || numbers.length > 2) return null;
  const others = tokens.filter((token, at) => at !== found.at && !/^\d/.test(token) && !FILLERS.has(wordKey(token)));
  // A weekday may stand at either end, and nowhere else.
  if (others.length > 1 || !others.every((word) => word === tokens[0] || word === tokens.at(-1))) return null;
  const yearFirst = first.token.length === 4;
  const [year, day] = yearFirst ? [first.token, second.token] : [second.token, first.token];
  const isPlain = (year.length === 4 || year.length === 2) && day.length <= 2;
  return isPlain ? [year, String(found.month), day] : null;
}

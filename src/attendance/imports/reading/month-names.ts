/**
 * Languages whose names of months and halves of the day are read, written as CLDR has them, which is what spreadsheets and
 * exporters write.
 */
const LANGUAGES = [
  ...['en', 'de', 'es', 'es-MX', 'fr', 'it', 'pt', 'nl', 'pl', 'cs', 'da', 'sv', 'nb', 'fi', 'tr', 'id', 'ro', 'hu'],
  ...['hr', 'el', 'vi', 'zh', 'ja', 'ko', 'ar'],
];

/** A word as it is compared: capitals, accents, dots and blanks apart. */
export const wordKey = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^\p{L}]/gu, '')
    .toLowerCase();

/** What CLDR leaves out: Excel's German March, the English half days behind other languages, Korean half days. */
const FURTHER_MONTHS = [['mrz', 3]] as const;
const FURTHER_HALVES = (
  [
    ['am', 0],
    ['pm', 12],
    ['a', 0],
    ['p', 12],
    ['오전', 0],
    ['오후', 12],
  ] as const
).map(([name, half]) => [wordKey(name), half] as const);

/** Months from 1 by the key of their name, long and short. `listopad` is October in Croatian and November in Polish: such a name is none. */
export const MONTHS: ReadonlyMap<string, number> = unambiguous([
  ...FURTHER_MONTHS,
  ...LANGUAGES.flatMap((language) =>
    (['long', 'short'] as const).flatMap((month) =>
      // With a day beside it a month is in the genitive where a language has one.
      [{ month }, { month, day: 'numeric' } as const].flatMap((style) => namesOfMonths(language, style)),
    ),
  ),
]);

/** Hours that a half of the day adds to one below twelve, by the key of its name. */
export const HALF_DAYS: ReadonlyMap<string, number> = unambiguous([
  ...FURTHER_HALVES,
  ...LANGUAGES.flatMap((language) => {
    const format = new Intl.DateTimeFormat(language, { hour: 'numeric', hour12: true, timeZone: 'UTC' });
    return [0, 12].map((half) => [partOf(format, Date.UTC(2026, 0, 5, 8 + half), 'dayPeriod'), half] as const);
  }),
]);

function namesOfMonths(language: string, style: Intl.DateTimeFormatOptions) {
  const format = new Intl.DateTimeFormat(language, { ...style, timeZone: 'UTC' });
  return Array.from({ length: 12 }, (_, at) => [partOf(format, Date.UTC(2026, at, 5), 'month'), at + 1] as const);
}

function partOf(format: Intl.DateTimeFormat, at: number, part: 'month' | 'dayPeriod'): string {
  return wordKey(format.formatToParts(at).find(({ type }) => type === part)?.value ?? '');
}

function unambiguous(meanings: readonly (readonly [string, number])[]): Map<string, number> {
  const known = new Map<string, number>();
  const contested = new Set<string>();
  for (const [name, meaning] of meanings) {
    if (known.has(name) && known.get(name) !== meaning) contested.add(name);
    known.set(name, meaning);
  }
  for (const name of [...contested, '']) known.delete(name);
  return known;
}

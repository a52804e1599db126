/** More different texts than one column of dates and times has, few enough to forget nothing but a broken column. */
const LIMIT = 100_000;

/**
 * Remembers what a text means. A million rows have a few hundred dates and at most 86,400 times, so reading each
 * distinct text once is what makes interpretation fast.
 */
export function memo<Meaning>(read: (text: string) => Meaning): (text: string) => Meaning {
  const known = new Map<string, Meaning>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const meaning = read(text);
    if (known.size >= LIMIT) known.clear();
    known.set(text, meaning);
    return meaning;
  };
}

/** More different texts than one column of dates and times has, few enough to forget nothing but a broken column. */
const LIMIT = 100_000;
/** No date and no time is longer; what is would only cost time and memory. */
const LONGEST = 40;

/**
 * Remembers what a text means. A million rows have a few hundred dates and at most 86,400 times, so reading each
 * distinct text once is what makes interpretation fast. `nothing` is what a text means that is too long to be read.
 */
export function memo<Meaning>(read: (text: string) => Meaning, nothing: Meaning): (text: string) => Meaning {
  const known = new Map<string, Meaning>();
  return (text) => {
    if (text.length > LONGEST) return nothing;
    const found = known.get(text);
    if (found !== undefined) return found;
    const meaning = read(text);
    if (known.size >= LIMIT) known.clear();
    known.set(text, meaning);
    return meaning;
  };
}

const UNKNOWN = -1;

/** The same for numbers from 0 on that texts of any length stand for: those that are too long to be remembered are read each time. */
export function remembering(read: (text: string) => number): (text: string) => number {
  const known = memo(read, UNKNOWN);
  return (text) => {
    const number = known(text);
    return number === UNKNOWN ? read(text) : number;
  };
}

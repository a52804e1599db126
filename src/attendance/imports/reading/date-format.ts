import type { DateFormat } from './mapping';

const DATE = /^\s*(?:\p{L}+\.?,? +)?(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})/u;

/**
 * The order of day and month from the values of the date columns: a number above 12 decides, then points instead of
 * strokes. `null` where nothing decides, and where the values contradict each other: then some rows are wrong, and the
 * reader will say which. Dates with the year in front count only where there are no others: they are always understood.
 */
export function guessDateFormat(values: readonly string[]): DateFormat | null {
  const seen = new Set<DateFormat>();
  let hasNumbers = false;
  for (const value of values) {
    const parts = DATE.exec(value);
    if (!parts) continue;
    const [first, separator, second] = [parts[1] ?? '', parts[2] ?? '', Number(parts[3])];
    if (first.length === 4) continue;
    else if (separator === '.') seen.add('DD.MM.YYYY');
    else if (Number(first) > 12 && second > 12) continue;
    else if (Number(first) > 12) seen.add('DD/MM/YYYY');
    else if (second > 12) seen.add('MM/DD/YYYY');
    else hasNumbers = true;
  }
  const [only, ...others] = seen;
  if (only !== undefined && others.length === 0) return only;
  return seen.size === 0 && !hasNumbers ? 'YYYY-MM-DD' : null;
}

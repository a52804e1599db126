import { Problem } from '../problems/problem';

const begins = ['from', 'startDate'];
const ends = ['to', 'endDate'];

/**
 * Refuses a query whose last date or instant lies before its first one: an empty list would read as "nothing happened". Every list calls
 * the two by one of these names. `given` is the query as it was sent, `read` what its schema made of it, `at` how its pointers begin.
 */
export function mustNotEndBeforeItBegins(given: unknown, read: unknown, at: '?' | '/' = '?'): void {
  const [begin, end] = [textAt(given, begins), textAt(given, ends)];
  if (!begin || !end) return;
  // Two dates are compared as they were sent: read as instants, the last one has become the beginning of the day behind it.
  const areDates = isDate(begin.text) && isDate(end.text);
  const first = areDates ? begin.text : textAt(read, [begin.name, ...begins])?.text;
  const last = areDates ? end.text : textAt(read, [end.name, ...ends])?.text;
  // A date as the end counts as a whole, so of an instant before it only the date matters.
  if (first === undefined || last === undefined || last >= first.slice(0, last.length)) return;
  throw new Problem(
    'end_before_start',
    `The span ends before it begins: ${end.name} is ${end.text}, and ${begin.name} is ${begin.text}. Swap them, or choose a later end.`,
    {
      errors: [
        { pointer: `${at}${end.name}`, code: 'end_before_start', detail: `must be ${begin.text} or later` },
        { pointer: `${at}${begin.name}`, code: 'end_before_start', detail: `must be ${end.text} or earlier` },
      ],
    },
  );
}

const isDate = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text);

/** The first of the members with these names that is a text. */
function textAt(query: unknown, names: readonly string[]): { name: string; text: string } | undefined {
  if (typeof query !== 'object' || query === null) return undefined;
  for (const name of names) {
    const text: unknown = Reflect.get(query, name);
    if (typeof text === 'string') return { name, text };
  }
  return undefined;
}

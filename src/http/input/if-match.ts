import { Problem } from '../problems/problem';

/** The version that an If-Match header demands, or undefined when it is absent or `*`. Ours are quoted whole numbers. */
export function expectedVersion(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(header.trim())?.[1];
  // A tag of another form is one that we never gave out: it matches nothing.
  if (version === undefined) {
    throw new Problem(
      'precondition_failed',
      'The If-Match header matches no version. Send the ETag of your last read as it was.',
    );
  }
  return Number(version);
}

/** Refuses a write that expects another version than the present one. `what` is what was changed, `it` the pronoun for it. */
export function assertVersion(what: string, present: number, expected: number | undefined, it = 'it'): void {
  if (expected === undefined || present === expected) return;
  throw new Problem('precondition_failed', `Somebody else changed ${what} since you read ${it}. Read ${it} again.`);
}

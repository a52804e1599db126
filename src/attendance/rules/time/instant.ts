import { RuleError } from '../errors';

/** A point in time: whole seconds since 1970-01-01T00:00:00Z. Durations are differences of instants, so they are seconds too. */
export type Instant = number;

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Reads an RFC 3339 instant with its offset; fractions of a second are cut off. Throws INVALID_INSTANT. */
export function parseInstant(text: string): Instant {
  const milliseconds = RFC3339.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(milliseconds)) throw new RuleError('INVALID_INSTANT', text);
  return Math.floor(milliseconds / 1000);
}

/** `2026-03-08T04:00:00Z`. */
export function formatInstant(instant: Instant): string {
  return `${new Date(instant * 1000).toISOString().slice(0, 19)}Z`;
}

/** The index of the instant nearest to `at`, the earlier of two equally near; 0 for an empty list. */
export function nearestOf(instants: readonly Instant[], at: Instant): number {
  let best = 0;
  for (const [index, instant] of instants.entries()) {
    if (Math.abs(instant - at) < Math.abs((instants[best] ?? 0) - at)) best = index;
  }
  return best;
}

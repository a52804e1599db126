import { SECONDS_PER_DAY } from '../../rules/time/calendar';
import type { Instant } from '../../rules/time/instant';
import type { DraftPunch, Interpreted } from './draft';

/** A punch in an hour shown twice, waiting for the rows around it. `index` is its place in the batch. */
export interface AmbiguousTime {
  readonly index: number;
  readonly line: number;
  readonly punch: DraftPunch;
  readonly local: number;
  readonly earlier: Instant;
  readonly later: Instant;
}

/**
 * Settles what the order of the rows can settle: where a file is sorted by time and the clock of one person runs
 * backwards once within the hour (01:50, then 01:10), what stands before the step is the first showing and what stands
 * after it the second. Without such a step, or in a file without an order, the rows keep their error: a guess would
 * move an hour of somebody's pay. Works within one batch, so an hour cut by its border stays in doubt.
 */
export function resolveByOrder(results: Interpreted[], doubtful: readonly AmbiguousTime[]): void {
  const direction = directionOf(results);
  if (direction === 0) return;
  for (const group of groups(doubtful)) {
    const ordered = direction > 0 ? group : [...group].reverse();
    const steps = ordered.flatMap((each, at) => (at > 0 && each.local < (ordered[at - 1]?.local ?? 0) ? [at] : []));
    const [step] = steps;
    if (step === undefined || steps.length > 1) continue;
    for (const [at, { index, line, punch, earlier, later }] of ordered.entries()) {
      const settled = { ...punch, at: at < step ? earlier : later };
      results[index] = { ok: true, line, employeeRef: punch.employeeRef, punches: [settled] };
    }
  }
}

/** By person and night, each in the order of the file. */
function groups(doubtful: readonly AmbiguousTime[]): Iterable<readonly AmbiguousTime[]> {
  const found = new Map<string, AmbiguousTime[]>();
  for (const each of doubtful) {
    const key = `${Math.floor(each.local / SECONDS_PER_DAY)} ${each.punch.employeeRef}`;
    const group = found.get(key);
    if (group) group.push(each);
    else found.set(key, [each]);
  }
  return found.values();
}

/** 1 where the punches of each person only ever rise, -1 where they only fall, 0 where nothing or both is seen. */
function directionOf(results: readonly Interpreted[]): -1 | 0 | 1 {
  const last = new Map<string, Instant>();
  let rises = 0;
  let falls = 0;
  for (const result of results) {
    const at = result.ok ? (result.punches[0]?.at ?? null) : null;
    if (!result.ok || at === null) continue;
    const previous = last.get(result.employeeRef);
    if (previous !== undefined && at > previous) rises += 1;
    if (previous !== undefined && at < previous) falls += 1;
    last.set(result.employeeRef, at);
  }
  if (rises > 0 && falls > 0) return 0;
  return rises > 0 ? 1 : falls > 0 ? -1 : 0;
}

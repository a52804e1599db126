import type { RecordedType } from '../../punches/presence';
import type { Instant } from '../../rules/time/instant';
import { punchesOfDay, type Timed } from './punches-of-day';

/** A punch of a row. */
export interface ReportedPunch extends Timed {
  readonly line: number;
  readonly deviceId?: string;
}

/** A punch on record. */
export interface KnownPunch extends Timed {
  readonly id: string;
  readonly status: 'active' | 'accepted' | 'quarantined' | 'superseded' | 'deleted';
  readonly supersededBy: string | null;
  /** Recorded by this batch, from another row of the same file. */
  readonly own: boolean;
  /** Superseded by an import, not by a correction. */
  readonly replaced: boolean;
}

/** How rows differ from the recorded day: punches to create, and recorded ones that the rows do not have. */
export interface Difference {
  readonly missing: readonly ReportedPunch[];
  readonly extra: readonly KnownPunch[];
  /** All recorded punches of the day, for messages. */
  readonly recorded: readonly KnownPunch[];
  /** How many punches of the rows are recorded, or were and have been corrected since. */
  readonly told: number;
}

export const keyOf = (type: RecordedType, at: Instant): string => `${type} ${at}`;
const keyed = ({ type, at }: Timed) => keyOf(type, at);

/**
 * Compares all that a file reports of a person's day with the punches recorded around it. A punch that somebody corrected or deleted
 * counts as recorded: the row is older than the correction and does not revert it. `elsewhere`: the keys of other rows of the file.
 */
export function compareDay(
  reported: readonly ReportedPunch[],
  known: readonly KnownPunch[],
  midnights: { readonly from: Instant; readonly to: Instant },
  elsewhere: ReadonlySet<string> = new Set(),
): Difference {
  const recorded = known.filter(({ status }) => status !== 'superseded' && status !== 'deleted');
  const corrected = known.filter(
    ({ status, replaced }) => status === 'deleted' || (status === 'superseded' && !replaced),
  );
  const recordedKeys = new Set(recorded.map(keyed));
  const correctedOf = new Map<string, KnownPunch[]>();
  for (const each of corrected) correctedOf.set(keyed(each), [...(correctedOf.get(keyed(each)) ?? []), each]);
  const missing = new Map<string, ReportedPunch>();
  const keys = new Set(reported.map(keyed));
  const corrections = new Set<string>();
  for (const punch of reported) {
    const key = keyed(punch);
    if (recordedKeys.has(key)) continue;
    const earlier = correctedOf.get(key);
    if (!earlier) {
      if (!missing.has(key)) missing.set(key, punch);
    } else for (const each of earlier) corrections.add(endOf(each, known));
  }
  const last = Math.max(...reported.map(({ at }) => at));
  const ofDay = punchesOfDay(recorded, { from: midnights.from, to: Math.max(midnights.to, last + 1) });
  const isExtra = (punch: KnownPunch) =>
    !punch.own && !keys.has(keyed(punch)) && !elsewhere.has(keyed(punch)) && !corrections.has(punch.id);
  // Rows of which everything has been corrected since change nothing.
  const isOutdated = reported.every((punch) => !recordedKeys.has(keyed(punch)) && correctedOf.has(keyed(punch)));
  return {
    missing: [...missing.values()],
    extra: isOutdated ? [] : ofDay.filter(isExtra),
    recorded: ofDay,
    told: reported.length - missing.size,
  };
}

/** The last of a chain of corrections; the id of the punch itself if it has none. */
function endOf(punch: KnownPunch, known: readonly KnownPunch[]): string {
  let end = punch.id;
  const seen = new Set([end]);
  for (let next = punch.supersededBy; next !== null && !seen.has(next);) {
    seen.add(next);
    end = next;
    next = known.find(({ id }) => id === end)?.supersededBy ?? null;
  }
  return end;
}

/** For each punch that is replaced, the one of the row that supersedes it: the nearest, of its own type if there is one. */
export function successors<T extends Timed>(extra: readonly KnownPunch[], row: readonly T[]): Map<KnownPunch, T> {
  const taken = new Set<T>();
  const found = new Map<KnownPunch, T>();
  for (const punch of extra) {
    const better = (a: T, b: T) =>
      Number(a.type !== punch.type) - Number(b.type !== punch.type) ||
      (a.type === punch.type ? Number(taken.has(a)) - Number(taken.has(b)) : 0) ||
      Math.abs(a.at - punch.at) - Math.abs(b.at - punch.at);
    const best = row.toSorted(better)[0];
    if (!best) continue;
    taken.add(best);
    found.set(punch, best);
  }
  return found;
}

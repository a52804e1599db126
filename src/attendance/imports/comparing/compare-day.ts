import type { RecordedType } from '../../punches/presence';
import type { Instant } from '../../rules/time/instant';
import { punchesOfDay, type Timed } from './of-day';

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
  /** Recorded by the batch that is being imported: another row of the same file has told it. */
  readonly own: boolean;
  /** Superseded by an import, not by a correction. */
  readonly replaced: boolean;
}

/** How a row compares with what stands: what is to be created, and what stands and is not in it. */
export interface Difference {
  readonly missing: readonly ReportedPunch[];
  readonly extra: readonly KnownPunch[];
  /** All that stands of the day, to be shown. */
  readonly standing: readonly KnownPunch[];
  /** Punches of the row that stand, or stood and were corrected since. */
  readonly told: number;
}

export const keyOf = (type: RecordedType, at: Instant): string => `${type} ${at}`;
const keyed = ({ type, at }: Timed) => keyOf(type, at);

/**
 * Compares all that a file tells of a person's day with what is on record around it. A punch that somebody corrected or deleted counts
 * as told: the row is older than the correction, and does not undo it. `elsewhere` are the keys that other rows of the file tell.
 */
export function compareDay(
  told: readonly ReportedPunch[],
  known: readonly KnownPunch[],
  midnights: { readonly from: Instant; readonly to: Instant },
  elsewhere: ReadonlySet<string> = new Set(),
): Difference {
  const stands = known.filter(({ status }) => status !== 'superseded' && status !== 'deleted');
  const settled = known.filter(
    ({ status, replaced }) => status === 'deleted' || (status === 'superseded' && !replaced),
  );
  const standing = new Set(stands.map(keyed));
  const settledOf = new Map<string, KnownPunch[]>();
  for (const each of settled) settledOf.set(keyed(each), [...(settledOf.get(keyed(each)) ?? []), each]);
  const missing = new Map<string, ReportedPunch>();
  const keys = new Set(told.map(keyed));
  const corrections = new Set<string>();
  for (const punch of told) {
    const key = keyed(punch);
    if (standing.has(key)) continue;
    const corrected = settledOf.get(key);
    if (!corrected) {
      if (!missing.has(key)) missing.set(key, punch);
    } else for (const each of corrected) corrections.add(endOf(each, known));
  }
  const last = Math.max(...told.map(({ at }) => at));
  const ofDay = punchesOfDay(stands, { from: midnights.from, to: Math.max(midnights.to, last + 1) });
  const isExtra = (punch: KnownPunch) =>
    !punch.own && !keys.has(keyed(punch)) && !elsewhere.has(keyed(punch)) && !corrections.has(punch.id);
  // A row of which everything was corrected since has nothing to say any more.
  const isSilent = told.every((punch) => !standing.has(keyed(punch)) && settledOf.has(keyed(punch)));
  return {
    missing: [...missing.values()],
    extra: isSilent ? [] : ofDay.filter(isExtra),
    standing: ofDay,
    told: told.length - missing.size,
  };
}

/** The punch that a correction of a correction came to; its own id where none is known. */
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

/** For each punch that goes, the one of the row that it points at: of its own type where there is one, and the nearest. */
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

import type { Instant } from '../time/instant';

/** `unknown` is a terminal without direction keys, or a toggle. */
export type PunchType = 'in' | 'out' | 'break_start' | 'break_end' | 'unknown';

/** A fact, never changed. A correction adds a punch and points the old one at it. */
export interface PunchEvent {
  readonly id: string;
  readonly at: Instant;
  readonly type: PunchType;
  /** Order of arrival; decides only between punches of one instant and one type. */
  readonly seq: number;
  /** The punch that took the place of this one. */
  readonly supersededBy?: string;
  /** The punch whose place this one took by an approved correction. */
  readonly supersedes?: string;
}

/** At one instant an end comes before a beginning: OUT then IN is a change of job, IN then OUT would be nothing. */
const RANK: Readonly<Record<PunchType, number>> = { break_end: 0, out: 1, in: 2, break_start: 3, unknown: 4 };

/** The one order of punches: instant, ends before beginnings, arrival, id. */
export function comparePunches(a: PunchEvent, b: PunchEvent): number {
  return a.at - b.at || RANK[a.type] - RANK[b.type] || a.seq - b.seq || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** The punches that count, in order, each id once however often it was delivered. */
export function activePunches(punches: readonly PunchEvent[]): PunchEvent[] {
  const seen = new Set<string>();
  return punches
    .filter((punch) => punch.supersededBy === undefined)
    .sort(comparePunches)
    .filter((punch) => !seen.has(punch.id) && seen.add(punch.id));
}

/** `duplicateOf` is the id of the kept punch that says the same. */
export interface DuplicatePunch {
  readonly punch: PunchEvent;
  readonly duplicateOf: string;
}

/**
 * Sets aside every punch within `seconds` of an earlier kept one of the same type (or where either type is unknown).
 * Nothing is deleted: the rows stay and are marked. OUT and IN at one instant both stay.
 */
export function setDuplicatesAside(
  ordered: readonly PunchEvent[],
  seconds: number,
): { kept: PunchEvent[]; duplicates: DuplicatePunch[] } {
  const kept: PunchEvent[] = [];
  const duplicates: DuplicatePunch[] = [];
  for (const punch of ordered) {
    const original = earlierDuplicate(kept, punch, seconds);
    if (original) duplicates.push({ punch, duplicateOf: original.id });
    else kept.push(punch);
  }
  return { kept, duplicates };
}

function earlierDuplicate(kept: readonly PunchEvent[], punch: PunchEvent, seconds: number): PunchEvent | null {
  for (let index = kept.length - 1; index >= 0; index -= 1) {
    const earlier = kept[index];
    if (!earlier || punch.at - earlier.at > seconds) return null;
    if (earlier.type === punch.type || earlier.type === 'unknown' || punch.type === 'unknown') return earlier;
  }
  return null;
}

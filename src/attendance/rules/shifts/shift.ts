import { RuleError } from '../errors';
import { formatDate, SECONDS_PER_DAY, type DayNumber } from '../time/calendar';
import type { Instant } from '../time/instant';
import type { Interval } from '../time/interval';
import { parseRange, type LocalRange } from '../time/local-time';
import type { LocalResolution, Zone } from '../time/zone';

/** What a planner writes: local times, without a date. All durations in seconds. */
export interface ShiftDefinition {
  readonly id: string;
  /** In the order of the day; each `09:00-12:00`. One that ends at or before its start, or starts before its predecessor ended, runs into the next day. */
  readonly segments: readonly string[];
  /** Punches from this long before the start until this long after the end belong to the shift (bounds included). */
  readonly windowBeforeSeconds: number;
  readonly windowAfterSeconds: number;
  /** Unpaid break that is taken but not punched. */
  readonly breakSeconds?: number;
  /** Overrides of the policy's grace. */
  readonly lateGraceSeconds?: number;
  readonly earlyGraceSeconds?: number;
}

/** A shift on a date. The instants are frozen here: a later tz update never moves a past shift. */
export interface ShiftInstance {
  readonly id: string;
  readonly day: DayNumber;
  readonly segments: readonly Interval[];
  readonly start: Instant;
  readonly end: Instant;
  readonly windowStart: Instant;
  readonly windowEnd: Instant;
  /** What the planner wrote, `2026-03-10T23:00`. */
  readonly localStart: string;
  readonly localEnd: string;
  readonly breakSeconds: number;
  readonly lateGraceSeconds: number | null;
  readonly earlyGraceSeconds: number | null;
  /** A boundary that never was on the wall clock: publishing is refused until a planner has moved it. */
  readonly review: 'START_IN_GAP' | 'END_IN_GAP' | null;
}

/** Longer than any lawful shift (a 24 h duty plus handover); a 40-hour shift is a typing error. */
const LONGEST_SHIFT = 26 * 3600;

/**
 * The local segments of a shift in seconds from midnight of its date, each after its predecessor.
 * Throws INVALID_TIME, END_BEFORE_START for a shift without segments, SHIFT_TOO_LONG.
 */
export function localSegments(segments: readonly string[]): readonly LocalRange[] {
  const result: LocalRange[] = [];
  for (const text of segments) {
    const range = parseRange(text);
    const shift = range.start < (result.at(-1)?.end ?? 0) ? SECONDS_PER_DAY : 0;
    result.push({ start: range.start + shift, end: range.end + shift });
  }
  const [first, last] = [result[0], result.at(-1)];
  if (!first || !last) throw new RuleError('END_BEFORE_START', segments.join(' '));
  if (last.end - first.start > LONGEST_SHIFT) throw new RuleError('SHIFT_TOO_LONG', segments.join(' '));
  return result;
}

/**
 * Gives a shift its instants on a date. In the repeated hour a start takes the EARLIER and an end the LATER instant,
 * so nobody works an hour that the plan does not show; a boundary in the gap is flagged for review.
 */
export function materialise(definition: ShiftDefinition, day: DayNumber, zone: Zone): ShiftInstance {
  const midnight = day * SECONDS_PER_DAY;
  const local = localSegments(definition.segments);
  const resolved = local.map((range) => ({
    start: zone.resolve(midnight + range.start),
    end: zone.resolve(midnight + range.end),
  }));
  const segments = resolved.map(({ start, end }) => ({ start: start.earlier, end: end.later }));
  const first = segments[0]?.start ?? 0;
  const last = segments.at(-1)?.end ?? 0;
  return {
    id: definition.id,
    day,
    segments,
    start: first,
    end: last,
    windowStart: first - definition.windowBeforeSeconds,
    windowEnd: last + definition.windowAfterSeconds,
    localStart: localText(midnight + (local[0]?.start ?? 0)),
    localEnd: localText(midnight + (local.at(-1)?.end ?? 0)),
    breakSeconds: definition.breakSeconds ?? 0,
    lateGraceSeconds: definition.lateGraceSeconds ?? null,
    earlyGraceSeconds: definition.earlyGraceSeconds ?? null,
    review: reviewOf(resolved),
  };
}

function reviewOf(resolved: readonly { start: LocalResolution; end: LocalResolution }[]): ShiftInstance['review'] {
  if (resolved.some((each) => each.start.kind === 'gap')) return 'START_IN_GAP';
  if (resolved.some((each) => each.end.kind === 'gap')) return 'END_IN_GAP';
  return null;
}

function localText(local: number): string {
  return new Date(local * 1000).toISOString().slice(0, 16);
}

/** `2026-03-10`, the date that the plan gives the shift. */
export function dateOf(shift: ShiftInstance): string {
  return formatDate(shift.day);
}

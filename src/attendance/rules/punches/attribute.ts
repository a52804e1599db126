import type { Policy } from '../policy';
import type { ShiftInstance } from '../shifts/shift';
import type { Instant } from '../time/instant';
import type { PunchEvent } from './punch';

/** Punches that make up one stretch of work: those of a shift, or of work that no shift asked for. */
export interface PunchGroup {
  readonly shift: ShiftInstance | null;
  readonly punches: PunchEvent[];
}

interface OpenGroup extends PunchGroup {
  /** When the interval that is still open began; `null` while nobody is in. */
  openSince: Instant | null;
}

/** The part of the policy that attribution reads. */
type AttributionPolicy = Pick<
  Policy,
  'direction' | 'maxShiftSeconds' | 'newShiftGapSeconds' | 'postShiftTailSeconds' | 'contestedMargin' | 'unscheduled'
>;

/**
 * Gives every punch to a shift or to unscheduled work, by the first rule that fits:
 * a. an interval is open and not yet too long: its shift, even past midnight;
 * b. the punch lies in the window of a shift (two windows: the contested-margin rule);
 * c. an out shortly after the end of a shift;
 * d. a long gap before it: new unscheduled work;
 * e. else it goes on with what was before.
 * A punch that could begin work and stands outside its own but inside another shift's window begins that shift: a
 * forgotten OUT does not swallow the next shift. Under `review`, what fits neither a window nor a declared open
 * interval is a group without a shift.
 * `kept` and `shifts` are in order of time; the groups come back in the order of their first punch.
 */
export function attribute(
  kept: readonly PunchEvent[],
  shifts: readonly ShiftInstance[],
  policy: AttributionPolicy,
): PunchGroup[] {
  const attribution = new Attribution(shifts, policy);
  for (const punch of kept) attribution.take(punch);
  return attribution.groups;
}

class Attribution {
  readonly groups: OpenGroup[] = [];
  /** Work that was left for other work is not gone back to: groups follow each other in time, so intervals never overlap. */
  private readonly begun = new Set<ShiftInstance>();
  private current: OpenGroup | null = null;
  /** Shifts before this index are out of reach. */
  private first = 0;
  /** The longest window before a shift: later shifts than this ahead are not yet in reach. */
  private readonly lead: number;

  constructor(
    private readonly shifts: readonly ShiftInstance[],
    private readonly policy: AttributionPolicy,
  ) {
    this.lead = shifts.reduce((most, shift) => Math.max(most, shift.start - shift.windowStart), 0);
  }

  take(punch: PunchEvent): void {
    const { policy, shifts } = this;
    while (this.first < shifts.length && isTooFar(shifts[this.first], punch.at, policy)) this.first += 1;
    this.current = this.groupFor(punch);
    add(this.current, punch, policy);
  }

  private groupFor(punch: PunchEvent): OpenGroup {
    const { policy, current } = this;
    const reachable = this.reachable(punch.at);
    const window = contest(reachable, punch.at, policy);
    if (current && continues(current, punch, policy) && !beginsAnother(current, punch, window, policy)) return current;
    const shift = window ?? tailOf(reachable, punch, policy);
    if (shift && shift === current?.shift) return current;
    if (shift && !this.begun.has(shift)) return this.start(shift);
    return current && joins(current, punch, policy) ? current : this.start(null);
  }

  /** The shifts that may hold the instant in their window or tail. */
  private reachable(at: Instant): readonly ShiftInstance[] {
    const { shifts, first, lead } = this;
    let end = first;
    for (let next = shifts[end]; next && next.start - lead <= at; next = shifts[end]) end += 1;
    return shifts.slice(first, end);
  }

  private start(shift: ShiftInstance | null): OpenGroup {
    const group: OpenGroup = { shift, punches: [], openSince: null };
    this.groups.push(group);
    if (shift) this.begun.add(shift);
    return group;
  }
}

/** Whether a punch says by itself whether someone came or went. */
function isDeclared(punch: PunchEvent, policy: AttributionPolicy): boolean {
  return punch.type !== 'unknown' && (policy.direction === 'declared' || punch.type.startsWith('break'));
}

function isTooFar(shift: ShiftInstance | undefined, at: Instant, policy: AttributionPolicy): boolean {
  return shift !== undefined && at > Math.max(shift.windowEnd, shift.end + policy.postShiftTailSeconds);
}

function continues(group: OpenGroup, punch: PunchEvent, policy: AttributionPolicy): boolean {
  if (group.openSince === null) return false;
  if (punch.at - group.openSince > policy.maxShiftSeconds) return false;
  return isDeclared(punch, policy) || policy.unscheduled !== 'review' || inWindow(group.shift, punch.at);
}

function beginsAnother(
  group: OpenGroup,
  punch: PunchEvent,
  window: ShiftInstance | null,
  policy: AttributionPolicy,
): boolean {
  if (!window || window === group.shift) return false;
  if (isDeclared(punch, policy)) return punch.type === 'in';
  return !inWindow(group.shift, punch.at) && group.shift !== null;
}

function inWindow(shift: ShiftInstance | null, at: Instant): boolean {
  return shift !== null && at >= shift.windowStart && at <= shift.windowEnd;
}

/** The shift whose window holds the instant; of several, pair by pair, the one that the margin rule names. */
function contest(shifts: readonly ShiftInstance[], at: Instant, policy: AttributionPolicy): ShiftInstance | null {
  let winner: ShiftInstance | null = null;
  for (const shift of shifts) {
    if (!inWindow(shift, at)) continue;
    if (winner === null) winner = shift;
    else {
      const line = policy.contestedMargin === 'midpoint' ? Math.floor((winner.end + shift.start) / 2) : winner.end;
      if (at > Math.max(line, winner.end)) winner = shift;
    }
  }
  return winner;
}

/** The shift that ended last, where the punch can be its end. */
function tailOf(shifts: readonly ShiftInstance[], punch: PunchEvent, policy: AttributionPolicy): ShiftInstance | null {
  if (punch.type === 'in') return null;
  let latest: ShiftInstance | null = null;
  for (const shift of shifts) {
    const isInTail = punch.at >= shift.windowStart && punch.at <= shift.end + policy.postShiftTailSeconds;
    if (isInTail && (!latest || shift.end >= latest.end)) latest = shift;
  }
  return latest;
}

function joins(group: OpenGroup, punch: PunchEvent, policy: AttributionPolicy): boolean {
  if (policy.unscheduled === 'review' && group.shift !== null) return false;
  const [begin, last] = [group.punches[0], group.punches.at(-1)];
  if (!begin || !last) return false;
  return punch.at - last.at < policy.newShiftGapSeconds && punch.at - begin.at <= policy.maxShiftSeconds;
}

function add(group: OpenGroup, punch: PunchEvent, policy: AttributionPolicy): void {
  if (!isDeclared(punch, policy)) {
    const wasEmpty = group.punches.length === 0;
    const leaves = wasEmpty ? isNearerToEnd(group.shift, punch.at) : group.openSince !== null;
    group.openSince = leaves ? null : punch.at;
  } else if (punch.type === 'in') group.openSince ??= punch.at;
  else if (punch.type === 'out') group.openSince = null;
  group.punches.push(punch);
}

/** A single punch near the end of a shift is somebody who left. */
export function isNearerToEnd(shift: ShiftInstance | null, at: Instant): boolean {
  return shift !== null && at - shift.start > shift.end - at;
}

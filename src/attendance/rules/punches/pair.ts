import type { Policy } from '../policy';
import type { Instant } from '../time/instant';
import type { Interval } from '../time/interval';
import { nearestOf } from '../time/instant';
import { isNearerToEnd, type PunchGroup } from './attribute';
import type { PunchEvent, PunchType } from './punch';

/** What does not fit the order in, break, out. The punch stays; no time is made up for it. */
interface Anomaly {
  readonly code: 'ORPHAN_OUT' | 'DOUBLE_IN' | 'MISSING_OUT' | 'MISSING_BREAK_END' | 'ORPHAN_BREAK' | 'DOUBLE_BREAK';
  /** The punch that shows it. */
  readonly punchId: string;
  readonly at: Instant;
}

/** Somebody who is in; `breaks` are those already ended, `breakSince` the one that is not. */
interface OpenInterval {
  readonly since: Instant;
  readonly punchId: string;
  readonly breaks: readonly Interval[];
  readonly breakSince: Instant | null;
  readonly breakPunchId: string | null;
}

/** What the punches of one group amount to. Intervals are raw (not rounded), in order and disjoint. */
export interface Pairing {
  /** From each in to its out, breaks included. */
  readonly presence: readonly Interval[];
  readonly breaks: readonly Interval[];
  readonly anomalies: readonly Anomaly[];
  /** The in that has no out yet. Whether that is a missing punch depends on the time; see the day's exceptions. */
  readonly open: OpenInterval | null;
  /** In and out punches that no interval uses. */
  readonly unpaired: number;
}

type PairingPolicy = Pick<Policy, 'direction' | 'pairing' | 'doubleIn' | 'maxShiftSeconds'>;

/** Scans a group once: IN opens, OUT closes, breaks lie between them. */
export function pair(group: PunchGroup, policy: PairingPolicy): Pairing {
  return new Scan(group, policy).result();
}

class Scan {
  private readonly presence: Interval[] = [];
  private readonly breaks: Interval[] = [];
  private readonly anomalies: Anomaly[] = [];
  private open: PunchEvent | null = null;
  private breakStart: PunchEvent | null = null;
  private pendingBreaks: Interval[] = [];
  private unpaired = 0;

  constructor(
    private readonly group: PunchGroup,
    private readonly policy: PairingPolicy,
  ) {}

  result(): Pairing {
    const { group, policy } = this;
    const typed = group.punches.map((punch, index) => ({ punch, type: this.typeOf(punch, index) }));
    if (policy.pairing === 'first_last') this.firstToLast(typed);
    else {
      let isIn = false;
      for (const { punch, type } of typed) {
        const resolved = type === 'unknown' ? (isIn ? 'out' : 'in') : type;
        this.take(punch, resolved);
        isIn = this.open !== null;
      }
    }
    const open = this.open && {
      since: this.open.at,
      punchId: this.open.id,
      breaks: this.pendingBreaks,
      breakSince: this.breakStart?.at ?? null,
      breakPunchId: this.breakStart?.id ?? null,
    };
    return {
      presence: this.presence,
      breaks: this.breaks,
      anomalies: this.anomalies,
      open,
      unpaired: this.unpaired + (open ? 1 : 0),
    };
  }

  private typeOf(punch: PunchEvent, index: number): PunchType {
    const { direction } = this.policy;
    if (punch.type === 'break_start' || punch.type === 'break_end') return punch.type;
    if (direction === 'declared') return punch.type;
    if (direction === 'alternate') return 'unknown';
    if (index > 0) return 'unknown';
    return isNearerToEnd(this.group.shift, punch.at) ? 'out' : 'in';
  }

  private take(punch: PunchEvent, type: PunchType): void {
    if (type === 'in') this.comeIn(punch);
    else if (type === 'out') this.goOut(punch);
    else if (type === 'break_start') this.startBreak(punch);
    else this.endBreak(punch);
  }

  private comeIn(punch: PunchEvent): void {
    if (!this.open) {
      this.open = punch;
      return;
    }
    if (this.beginsNextSegment(this.open, punch)) {
      this.note('MISSING_OUT', this.open);
      this.unpaired += 1;
      this.reopen(punch);
      return;
    }
    this.note('DOUBLE_IN', punch);
    // Whoever punches in during a break is back from it.
    if (this.breakStart) this.closeBreak(punch.at);
    this.unpaired += 1;
    if (this.policy.doubleIn === 'keep_last') this.reopen(punch);
  }

  private reopen(punch: PunchEvent): void {
    this.open = punch;
    this.breakStart = null;
    this.pendingBreaks = [];
  }

  /** In a split shift, an in for a later segment shows that the out of the earlier one is missing, not that it went on. */
  private beginsNextSegment(open: PunchEvent, punch: PunchEvent): boolean {
    const segments = this.group.shift?.segments ?? [];
    return segments.length > 1 && nearestStart(segments, punch.at) > nearestStart(segments, open.at);
  }

  private goOut(punch: PunchEvent): void {
    const { open } = this;
    if (!open) {
      this.note('ORPHAN_OUT', punch);
      this.unpaired += 1;
      return;
    }
    if (punch.at - open.at > this.policy.maxShiftSeconds) {
      this.note('MISSING_OUT', open);
      this.note('ORPHAN_OUT', punch);
      this.unpaired += 2;
    } else {
      if (this.breakStart) {
        this.note('MISSING_BREAK_END', this.breakStart);
        this.closeBreak(punch.at);
      }
      if (punch.at > open.at) this.presence.push({ start: open.at, end: punch.at });
      this.breaks.push(...this.pendingBreaks);
    }
    this.open = null;
    this.breakStart = null;
    this.pendingBreaks = [];
  }

  private startBreak(punch: PunchEvent): void {
    if (!this.open) this.note('ORPHAN_BREAK', punch);
    else if (this.breakStart) this.note('DOUBLE_BREAK', punch);
    else this.breakStart = punch;
  }

  private endBreak(punch: PunchEvent): void {
    if (this.breakStart) this.closeBreak(punch.at);
    else this.note('ORPHAN_BREAK', punch);
  }

  private closeBreak(at: Instant): void {
    if (this.breakStart && at > this.breakStart.at) this.pendingBreaks.push({ start: this.breakStart.at, end: at });
    this.breakStart = null;
  }

  /** Everything between the first in and the last out is presence; breaks inside it stay breaks. */
  private firstToLast(typed: readonly { punch: PunchEvent; type: PunchType }[]): void {
    const first = typed.find(({ type }) => type === 'in' || type === 'unknown')?.punch;
    const last = typed.findLast(({ type }) => type === 'out' || type === 'unknown')?.punch;
    for (const { punch, type } of typed) {
      if (punch === first) this.take(punch, 'in');
      else if (punch === last && first && punch.at > first.at) this.take(punch, 'out');
      else if (type === 'break_start' || type === 'break_end') this.take(punch, type);
      else if (!first) this.take(punch, 'out');
    }
  }

  private note(code: Anomaly['code'], punch: PunchEvent): void {
    this.anomalies.push({ code, punchId: punch.id, at: punch.at });
  }
}

function nearestStart(segments: readonly Interval[], at: Instant): number {
  return nearestOf(
    segments.map((each) => each.start),
    at,
  );
}

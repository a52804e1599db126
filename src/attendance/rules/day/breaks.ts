import type { Policy } from '../policy';
import type { Pairing } from '../punches/pair';
import type { ShiftInstance } from '../shifts/shift';
import { lengthOf, overlaps, subtract, totalOf, union, type Interval } from '../time/interval';

/** What was taken off a stretch of work for a break that had to be taken, and why that much. Seconds. */
export interface BreakDeduction {
  /** `planned`: the break of the shift; `automatic`: a tier of `autoBreaks`. */
  readonly origin: 'planned' | 'automatic';
  readonly dueSeconds: number;
  /** The break is due in work longer than this; the policy says whether that is net or gross time. */
  readonly afterSeconds: number;
  readonly basis: Policy['breakThresholds'];
  /** Unpaid time between the first in and the last out, whatever punches or windows it comes from. */
  readonly takenSeconds: number;
  /** Unpaid as well, in pieces too short to be a break. */
  readonly tooShortSeconds: number;
  readonly isReached: boolean;
  readonly deductedSeconds: number;
}

type BreakPolicy = Pick<Policy, 'autoBreaks' | 'breakThresholds' | 'minBreakSeconds' | 'plannedBreakAfterSeconds'>;

/**
 * What has to be taken off `worked` so that the planned break and the highest tier reached are met. Only what is missing to them
 * is: `offDuty`, the unpaid stretches between the first in and the last out, is break already taken. On net time a deduction
 * never makes the work shorter than the threshold that calls for it (§ 4 ArbZG: over 6 h of work, 30 minutes; 6 h 10 min at work are
 * 6 h of work and 10 minutes of break), so nobody is paid less for staying longer. `null` where no break was ever to be taken.
 */
export function deductionOf(
  worked: readonly Interval[],
  offDuty: readonly Interval[],
  shift: Pick<ShiftInstance, 'breakSeconds'> | null,
  policy: BreakPolicy,
): BreakDeduction | null {
  const net = totalOf(worked);
  const unpaid = totalOf(offDuty);
  const takenSeconds = totalOf(offDuty.filter((each) => lengthOf(each) >= policy.minBreakSeconds));
  const basis = policy.breakThresholds;
  const compared = basis === 'net' ? net : net + unpaid;
  const applied = duesOf(shift, policy).map((due): BreakDeduction => {
    const over = compared - due.afterSeconds;
    const missing = Math.max(0, due.dueSeconds - takenSeconds);
    const most = basis === 'net' ? over : net;
    const deductedSeconds = over > 0 ? Math.min(missing, most) : 0;
    return {
      ...due,
      basis,
      takenSeconds,
      tooShortSeconds: unpaid - takenSeconds,
      isReached: over > 0,
      deductedSeconds,
    };
  });
  return applied.reduce<BreakDeduction | null>((most, each) => (most && !outweighs(each, most) ? most : each), null);
}

/** The one that takes off more; of equal ones the one that applies, then the longer break. */
function outweighs(a: BreakDeduction, b: BreakDeduction): boolean {
  if (a.deductedSeconds !== b.deductedSeconds) return a.deductedSeconds > b.deductedSeconds;
  if (a.isReached !== b.isReached) return a.isReached;
  return a.isReached && a.dueSeconds > b.dueSeconds;
}

function duesOf(
  shift: Pick<ShiftInstance, 'breakSeconds'> | null,
  policy: BreakPolicy,
): Pick<BreakDeduction, 'origin' | 'dueSeconds' | 'afterSeconds'>[] {
  const planned = shift?.breakSeconds ?? 0;
  return [
    ...(planned > 0
      ? [{ origin: 'planned' as const, dueSeconds: planned, afterSeconds: policy.plannedBreakAfterSeconds }]
      : []),
    ...policy.autoBreaks.map(({ seconds, afterSeconds }) => {
      return { origin: 'automatic' as const, dueSeconds: seconds, afterSeconds };
    }),
  ];
}

/** What lies between the first and the last of `whole` and is not in `parts`; both sorted and disjoint. */
export function between(whole: readonly Interval[], parts: readonly Interval[]): Interval[] {
  const [first, last] = [whole[0], whole.at(-1)];
  return first && last ? subtract([{ start: first.start, end: last.end }], parts) : [];
}

/** The time between the segments of a shift: by the plan nobody works then. */
export function recessOf(shift: ShiftInstance | null): Interval[] {
  return shift ? between(shift.segments, shift.segments) : [];
}

/** Breaks and the gaps between an out and the next in, raw and in order. */
export function offDutyOf(pairing: Pairing): Interval[] {
  return union([...pairing.breaks, ...gapsOf(pairing)]);
}

/**
 * The breaks that somebody took: those punched as such, and the gaps between an out and the next in, which are the only way to
 * punch one on many terminals. What the plan of a split shift leaves free is none.
 */
export function breaksTaken(pairing: Pairing, shift: ShiftInstance | null): Interval[] {
  const recess = recessOf(shift);
  return union([...pairing.breaks, ...gapsOf(pairing).filter((gap) => !recess.some((free) => overlaps(free, gap)))]);
}

/** Up to the in that is still open, too: whoever is back from a break has taken it. */
function gapsOf({ presence, open }: Pairing): Interval[] {
  const inside = between(presence, presence);
  const last = presence.at(-1);
  return open && last && open.since > last.end ? [...inside, { start: last.end, end: open.since }] : inside;
}

/** What a shift comes to when it is worked as planned: its segments less its planned break, where one is due. Seconds. */
export function plannedSeconds(shift: ShiftInstance, policy: BreakPolicy): number {
  const deducted = deductionOf(shift.segments, recessOf(shift), shift, { ...policy, autoBreaks: [] });
  return totalOf(shift.segments) - (deducted?.deductedSeconds ?? 0);
}

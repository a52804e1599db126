import type { Policy } from '../policy';
import type { Pairing } from '../punches/pair';
import type { ShiftInstance } from '../shifts/shift';
import { nearestOf, type Instant } from '../time/instant';
import { intersect, lengthOf, subtract, totalOf, type Interval } from '../time/interval';

/** How one segment of a shift was kept, on raw times. Seconds. */
export interface SegmentResult {
  readonly index: number;
  readonly expected: Interval;
  readonly in: Instant | null;
  readonly out: Instant | null;
  /** Presence without breaks inside the segment. */
  readonly workedSeconds: number;
  /** 0 up to and including start + grace. */
  readonly lateSeconds: number;
  readonly earlySeconds: number;
  /** The half of a pair that is not there, with the punch that is. */
  readonly missing: { readonly side: 'in' | 'out'; readonly punchId: string; readonly at: Instant } | null;
  /** Leave covers all of it; nothing is expected. */
  readonly excused: boolean;
  /** As much of it as the leave of the day covers, where there is any. */
  readonly excusedSeconds?: number;
}

/** Judges each segment of a shift against what was punched for it; `leave` shortens what is expected. */
export function evaluateSegments(
  shift: ShiftInstance,
  pairing: Pairing,
  policy: Policy,
  leave: readonly Interval[],
): SegmentResult[] {
  const orphans = orphansOf(shift, pairing);
  return shift.segments.map((segment, index) => {
    const rest = leave.length > 0 ? subtract([segment], leave) : [segment];
    const expected = { start: rest[0]?.start ?? segment.start, end: rest.at(-1)?.end ?? segment.end };
    const excused = rest.length === 0;
    const here = pairing.presence.filter((each) => each.start < expected.end && each.end > expected.start);
    const worked = subtract(intersect(here, [segment]), pairing.breaks);
    const begun = orphans.ins.findLast((each) => each.index === index);
    const ended = here.length === 0 ? orphans.outs.find((each) => each.index === index) : undefined;
    const arrived = here[0]?.start ?? begun?.at ?? null;
    const leftAt = begun ? null : (here.at(-1)?.end ?? ended?.at ?? null);
    return {
      index,
      expected,
      in: arrived,
      out: leftAt,
      workedSeconds: totalOf(worked),
      lateSeconds: excused || arrived === null ? 0 : beyond(arrived - expected.start, lateGrace(shift, policy), policy),
      earlySeconds: excused || leftAt === null ? 0 : beyond(expected.end - leftAt, earlyGrace(shift, policy), policy),
      missing: missingOf(begun, ended),
      excused,
      ...(leave.length > 0 ? { excusedSeconds: lengthOf(segment) - totalOf(rest) } : {}),
    };
  });
}

export function lateGrace(shift: ShiftInstance, policy: Policy): number {
  return shift.lateGraceSeconds ?? policy.lateGraceSeconds;
}

function earlyGrace(shift: ShiftInstance, policy: Policy): number {
  return shift.earlyGraceSeconds ?? policy.earlyGraceSeconds;
}

function beyond(over: number, grace: number, policy: Policy): number {
  if (over <= grace) return 0;
  return policy.countLateFrom === 'grace_end' ? over - grace : over;
}

interface Orphan {
  readonly index: number;
  readonly punchId: string;
  readonly at: Instant;
}

/**
 * An out without an in belongs to the segment whose end is nearest, an in without an out (still open, or given up) to
 * the one whose start is.
 */
function orphansOf(shift: ShiftInstance, pairing: Pairing): { ins: Orphan[]; outs: Orphan[] } {
  const starts = shift.segments.map((each) => each.start);
  const ends = shift.segments.map((each) => each.end);
  const ins: Orphan[] = [];
  const outs: Orphan[] = [];
  for (const { code, punchId, at } of pairing.anomalies) {
    if (code === 'MISSING_OUT') ins.push({ punchId, at, index: nearestOf(starts, at) });
    if (code === 'ORPHAN_OUT') outs.push({ punchId, at, index: nearestOf(ends, at) });
  }
  const { open } = pairing;
  if (open) ins.push({ punchId: open.punchId, at: open.since, index: nearestOf(starts, open.since) });
  return { ins, outs };
}

function missingOf(begun: Orphan | undefined, ended: Orphan | undefined): SegmentResult['missing'] {
  if (begun) return { side: 'out', punchId: begun.punchId, at: begun.at };
  return ended ? { side: 'in', punchId: ended.punchId, at: ended.at } : null;
}

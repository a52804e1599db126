import type { Policy } from '../policy';
import type { Pairing } from '../punches/pair';
import type { ShiftInstance } from '../shifts/shift';
import type { Instant } from '../time/instant';
import { intersect, subtract, totalOf, type Interval } from '../time/interval';

/** How one segment of a shift was kept, on raw times. Seconds. */
export interface SegmentVerdict {
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
}

/** Judges each segment of a shift against what was punched for it; `leave` shortens what is expected. */
export function judgeSegments(
  shift: ShiftInstance,
  pairing: Pairing,
  policy: Policy,
  leave: readonly Interval[],
): SegmentVerdict[] {
  const orphans = nearestSegments(shift, pairing);
  return shift.segments.map((segment, index) => {
    const rest = leave.length > 0 ? subtract([segment], leave) : [segment];
    const expected = { start: rest[0]?.start ?? segment.start, end: rest.at(-1)?.end ?? segment.end };
    const excused = rest.length === 0;
    const here = pairing.presence.filter((each) => each.start < expected.end && each.end > expected.start);
    const worked = subtract(intersect(here, [segment]), pairing.breaks);
    const open = pairing.open && orphans.open === index ? pairing.open : null;
    const orphan = here.length === 0 ? orphans.outs.find((each) => each.index === index) : undefined;
    const arrived = here[0]?.start ?? open?.since ?? null;
    const leftAt = open ? null : (here.at(-1)?.end ?? orphan?.at ?? null);
    return {
      index,
      expected,
      in: arrived,
      out: leftAt,
      workedSeconds: totalOf(worked),
      lateSeconds: excused || arrived === null ? 0 : beyond(arrived - expected.start, lateGrace(shift, policy), policy),
      earlySeconds: excused || leftAt === null ? 0 : beyond(expected.end - leftAt, earlyGrace(shift, policy), policy),
      missing: open
        ? { side: 'out', punchId: open.punchId, at: open.since }
        : orphan
          ? { side: 'in', punchId: orphan.punchId, at: orphan.at }
          : null,
      excused,
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

/** An out without an in belongs to the segment whose end is nearest, an in without an out to the one whose start is. */
function nearestSegments(shift: ShiftInstance, pairing: Pairing): { outs: Orphan[]; open: number } {
  const outs = pairing.anomalies
    .filter((each) => each.code === 'ORPHAN_OUT')
    .map(({ punchId, at }) => ({
      punchId,
      at,
      index: nearest(
        shift.segments.map((each) => each.end),
        at,
      ),
    }));
  const starts = shift.segments.map((each) => each.start);
  return { outs, open: pairing.open ? nearest(starts, pairing.open.since) : -1 };
}

function nearest(instants: readonly Instant[], at: Instant): number {
  let best = 0;
  for (const [index, instant] of instants.entries()) {
    if (Math.abs(instant - at) < Math.abs((instants[best] ?? 0) - at)) best = index;
  }
  return best;
}

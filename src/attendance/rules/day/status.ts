import type { Policy } from '../policy';
import { totalOf } from '../time/interval';
import type { DayDraft } from './draft';
import { isDecided, type Horizon } from './findings';

/** What a day comes to in one word. UNDECIDED: its window has not closed. */
export type DayStatus =
  | 'UNDECIDED'
  | 'OFF'
  | 'HOLIDAY'
  | 'LEAVE'
  | 'ABSENT'
  | 'MISSING_IN'
  | 'MISSING_OUT'
  | 'OPEN'
  | 'PRESENT'
  | 'HALF_DAY'
  | 'PARTIAL'
  | 'ADJUSTED'
  | 'NORMAL'
  | 'LATE'
  | 'EARLY_LEAVE'
  | 'LATE_EARLY';

/** `lateSeconds` and `earlySeconds` are those of all segments of the day together. */
export function statusOf(
  draft: DayDraft,
  punctuality: { lateSeconds: number; earlySeconds: number; adjusted: boolean },
  policy: Policy,
  horizon: Horizon,
): DayStatus {
  if (draft.works.length === 0) return statusWithoutWork(draft, policy, horizon);
  const missing = missingSide(draft, policy, horizon);
  const worked = totalOf(draft.payable);
  if (missing === 'OPEN') return 'OPEN';
  const isPartlyExcused = excusedInPart(draft);
  if (policy.dayStatus === 'attendance') {
    if (missing && worked === 0) return missing;
    if (isPartlyExcused) return 'ADJUSTED';
    if (policy.absentBelowSeconds !== null && worked < policy.absentBelowSeconds) return 'ABSENT';
    if (policy.halfDayBelowSeconds !== null && worked < policy.halfDayBelowSeconds) return 'HALF_DAY';
    return 'PRESENT';
  }
  const emptySegment = draft.planned.some(({ segments }) =>
    segments.some((each) => !each.excused && each.in === null && each.out === null),
  );
  if (missing || emptySegment) return 'PARTIAL';
  if (punctuality.adjusted || isPartlyExcused) return 'ADJUSTED';
  if (punctuality.lateSeconds > 0) return punctuality.earlySeconds > 0 ? 'LATE_EARLY' : 'LATE';
  return punctuality.earlySeconds > 0 ? 'EARLY_LEAVE' : 'NORMAL';
}

/** Leave covers some of the planned time: the rest of the day is not to be measured as a whole one. */
function excusedInPart({ planned }: DayDraft): boolean {
  const segments = planned.flatMap((each) => each.segments);
  return segments.some((each) => (each.excusedSeconds ?? 0) > 0) && segments.some((each) => !each.excused);
}

function statusWithoutWork(draft: DayDraft, policy: Policy, horizon: Horizon): DayStatus {
  if (draft.holiday) return 'HOLIDAY';
  if (draft.leave.some((each) => each.hours === null)) return 'LEAVE';
  const expected = draft.planned.filter(({ segments }) => segments.some((each) => !each.excused));
  if (expected.length === 0) return draft.planned.length > 0 ? 'LEAVE' : 'OFF';
  const isOver = expected.every(({ shift }) => isDecided(shift.windowEnd + policy.absentAfterSeconds, horizon));
  return isOver ? 'ABSENT' : 'UNDECIDED';
}

/** The half that is missing from the day's punches; OPEN while it can still come. */
function missingSide(draft: DayDraft, policy: Policy, horizon: Horizon): 'OPEN' | 'MISSING_OUT' | 'MISSING_IN' | null {
  let side: 'MISSING_OUT' | 'MISSING_IN' | null = null;
  for (const { pairing, group } of draft.works) {
    if (pairing.open) {
      const closes = group.shift?.windowEnd ?? pairing.open.since + policy.maxShiftSeconds;
      if (!isDecided(closes, horizon)) return 'OPEN';
      side = 'MISSING_OUT';
    }
    for (const { code } of pairing.anomalies) {
      if (code === 'MISSING_OUT') side = 'MISSING_OUT';
      else if (code === 'ORPHAN_OUT') side ??= 'MISSING_IN';
    }
  }
  return side;
}

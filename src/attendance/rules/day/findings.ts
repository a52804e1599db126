import type { Policy } from '../policy';
import type { Instant } from '../time/instant';
import { lengthOf, totalOf } from '../time/interval';
import { offDutyOf } from './breaks';
import type { DayDraft, PlannedWork } from './draft';
import type { DayException, ExceptionCode } from './exception';
import { lateGrace } from './segments';
import type { Work } from './work';

/** When things are decided. `watermark`: how far the punches of the devices have certainly arrived; `null` = up to now. */
export interface Horizon {
  readonly now: Instant;
  readonly watermark: Instant | null;
}

/** Up to here, included, everything that was punched is known. */
const knownUntil = ({ now, watermark }: Horizon) => Math.min(now, watermark ?? now);

/** What can happen until `end`, included, is decided once the clock and the watermark are beyond it: at `end` a punch still belongs. */
export function isDecided(end: Instant, horizon: Horizon): boolean {
  return knownUntil(horizon) > end;
}

/** Collects exceptions. One is premature until the known past reaches `settles`, or without it, the instant of the exception itself. */
class Finder {
  readonly found: DayException[] = [];

  constructor(private readonly horizon: Horizon) {}

  add(code: ExceptionCode, anchor: string, at: Instant, seconds: number, settles?: Instant): void {
    const isDue = settles === undefined ? knownUntil(this.horizon) >= at : isDecided(settles, this.horizon);
    const state = isDue ? 'open' : 'premature';
    this.found.push({ code, anchor, at, seconds, state });
  }
}

/** Finds what is wrong with a day, on raw times. */
export function findExceptions(draft: DayDraft, policy: Policy, horizon: Horizon): DayException[] {
  const finder = new Finder(horizon);
  for (const planned of draft.planned) {
    if (planned.work) findInShift(planned, policy, horizon, finder);
    else if (!draft.holiday && !planned.segments.every((segment) => segment.excused)) {
      findAbsence(planned, policy, horizon, finder);
    }
  }
  for (const work of draft.works) findInWork(work, policy, finder);
  findBreaks(draft, policy, finder);
  const worked = totalOf(draft.payable);
  const last = draft.works.at(-1)?.pairing.presence.at(-1);
  if (policy.maxDaySeconds !== null && worked > policy.maxDaySeconds && last) {
    finder.add('LONG_DAY', 'day', last.end, worked - policy.maxDaySeconds);
  }
  return finder.found;
}

function findAbsence({ shift }: PlannedWork, policy: Policy, horizon: Horizon, finder: Finder): void {
  const due = shift.start + lateGrace(shift, policy);
  if (isDecided(shift.windowEnd + policy.absentAfterSeconds, horizon)) {
    finder.add('ABSENT', shift.id, shift.start, shift.end - shift.start);
  } else if (horizon.now > due) finder.add('IN_LATE', `${shift.id}#0`, due, 0, shift.start);
}

function findInShift({ shift, segments, work }: PlannedWork, policy: Policy, horizon: Horizon, finder: Finder): void {
  for (const segment of segments) {
    if (segment.excused) continue;
    const anchor = `${shift.id}#${segment.index}`;
    if (segment.lateSeconds > 0) {
      finder.add('IN_LATE', anchor, segment.in ?? segment.expected.start, segment.lateSeconds);
      if (policy.severeLateSeconds !== null && segment.lateSeconds >= policy.severeLateSeconds) {
        finder.add('SEVERE_LATE', anchor, segment.in ?? segment.expected.start, segment.lateSeconds);
      }
    }
    if (segment.earlySeconds > 0) {
      finder.add('OUT_EARLY', anchor, segment.out ?? segment.expected.end, segment.earlySeconds, segment.expected.end);
    }
    if (segment.missing?.side === 'in') {
      finder.add('MISSING_IN', segment.missing.punchId, segment.missing.at, 0, shift.windowEnd);
    }
    if (segment.in === null && segment.out === null && isDecided(shift.windowEnd, horizon)) {
      const seconds = segment.expected.end - segment.expected.start;
      finder.add('ABSENT_SEGMENT', anchor, segment.expected.start, seconds);
    }
  }
  const presence = work?.pairing.presence ?? [];
  const arrived = presence[0]?.start ?? work?.pairing.open?.since;
  const left = presence.at(-1)?.end;
  if (policy.earlyInSeconds !== null && arrived !== undefined && shift.start - arrived > policy.earlyInSeconds) {
    finder.add('IN_EARLY', shift.id, arrived, shift.start - arrived);
  }
  if (policy.lateOutSeconds !== null && left !== undefined && left - shift.end > policy.lateOutSeconds) {
    finder.add('OUT_LATE', shift.id, left, left - shift.end);
  }
}

function findInWork(work: Work, policy: Policy, finder: Finder): void {
  const { pairing, group } = work;
  const settles = group.shift?.windowEnd;
  for (const { code, punchId, at } of pairing.anomalies) {
    // An out that stands for a whole segment is named after what is missing; see findInShift.
    const isSegment = code === 'ORPHAN_OUT' && finder.found.some((each) => each.anchor === punchId);
    if (!isSegment) finder.add(code, punchId, at, 0, settles);
  }
  const { open } = pairing;
  if (open) {
    const closes = group.shift?.windowEnd ?? open.since + policy.maxShiftSeconds;
    finder.add('MISSING_OUT', open.punchId, open.since, 0, closes);
    if (open.breakPunchId !== null) {
      finder.add('MISSING_BREAK_END', open.breakPunchId, open.breakSince ?? open.since, 0, closes);
    }
  }
  const first = group.punches[0];
  if (!group.shift && first && policy.unscheduled !== 'free')
    finder.add('UNSCHEDULED', first.id, first.at, totalOf(work.payable));
  for (const fault of work.mealFaults) finder.add(fault.code, first?.id ?? '', fault.at, fault.seconds);
}

function findBreaks(draft: DayDraft, policy: Policy, finder: Finder): void {
  const { breakAllowanceSeconds: allowance, breakRequiredOverSeconds: over } = policy;
  if (allowance !== null) {
    let taken = 0;
    for (const { start, end } of draft.works.flatMap(breaksOf)) {
      const before = taken;
      taken += (end ?? start) - start;
      if (taken > allowance || (before >= allowance && before > 0)) {
        finder.add('BREAK_ALLOWANCE_EXCEEDED', String(start), start, Math.max(0, taken - allowance));
      }
    }
  }
  if (over !== null) {
    for (const { payable, pairing } of draft.works) {
      const worked = totalOf(payable);
      const first = pairing.presence[0];
      if (!first || worked <= over) continue;
      const hasBreak = offDutyOf(pairing).some((each) => lengthOf(each) >= policy.minBreakSeconds);
      if (!hasBreak) finder.add('MISSING_BREAK', String(first.start), first.start + over, worked);
    }
  }
}

/** Breaks in order, the unfinished one last and without an end. */
function breaksOf({ breaks, pairing }: Work): { start: Instant; end: Instant | null }[] {
  const ended = [...breaks, ...(pairing.open?.breaks ?? [])];
  const unfinished = pairing.open?.breakSince ?? null;
  return unfinished === null ? ended : [...ended, { start: unfinished, end: null }];
}

/** Seconds of ended breaks, paid or not. */
export function breakSecondsTaken(draft: DayDraft): number {
  return draft.works.flatMap(breaksOf).reduce((sum, each) => sum + (each.end ?? each.start) - each.start, 0);
}

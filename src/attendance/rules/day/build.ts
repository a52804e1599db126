import type { AttendanceInput } from '../input';
import { attribute, type PunchGroup } from '../punches/attribute';
import { pair } from '../punches/pair';
import type { PunchEvent } from '../punches/punch';
import type { ShiftInstance } from '../shifts/shift';
import { formatDate, type DayNumber } from '../time/calendar';
import { dropFromEnd, totalOf, union, type Interval } from '../time/interval';
import { emptyDraft, type DayDraft } from './draft';
import { roundSeconds, type RoundingRule } from './rounding';
import { evaluateSegments } from './segments';
import { owningDay, splitByDay } from './split';
import { workOf } from './work';

/** The work date and shift of a punch, and the how-many-th stretch of work it is part of; `date: null` waits for review. */
export interface Attribution {
  readonly punchId: string;
  readonly date: string | null;
  readonly shift: string | null;
  readonly stretch: number;
}

/** Drafts by date, and the groups that belong to no date because the policy sends them to review. */
interface Drafts {
  readonly days: Map<DayNumber, DayDraft>;
  readonly attributions: readonly Attribution[];
  readonly review: readonly PunchGroup[];
}

/** Attributes, pairs, pays and dates the punches; `kept` in order and without duplicates. */
export function buildDrafts(
  kept: readonly PunchEvent[],
  shifts: readonly ShiftInstance[],
  input: AttendanceInput,
): Drafts {
  const { policy, zone } = input;
  const days = new Map<DayNumber, DayDraft>();
  const review: PunchGroup[] = [];
  const attributions: Attribution[] = [];
  const worked = new Set<ShiftInstance>();
  for (const [stretch, group] of attribute(kept, shifts, policy).entries()) {
    if (!group.shift && policy.unscheduled === 'review') {
      review.push(group);
      note(group, null, stretch);
      continue;
    }
    const pairing = pair(group, policy);
    const work = workOf(group, pairing, policy, input.authorisedOvertime ?? [], zone);
    const day = owningDay(group, pairing.presence, work.payable, policy.assignDay, zone);
    const draft = draftOf(day);
    note(group, formatDate(day), stretch);
    draft.works.push(work);
    if (group.shift) {
      worked.add(group.shift);
      const leave = leaveHours(draft, group.shift);
      draft.planned.push({ shift: group.shift, work, segments: evaluateSegments(group.shift, pairing, policy, leave) });
    }
    if (policy.assignDay === 'split_midnight') {
      for (const part of splitByDay(work.payable, 0, zone)) draftOf(part.day).payable.push(part);
    } else draft.payable.push(...work.payable);
  }
  for (const shift of shifts) {
    if (worked.has(shift)) continue;
    const day = policy.assignDay === 'end' ? zone.dayOf(shift.end - 1) : shift.day;
    const draft = draftOf(day);
    const nothing = { presence: [], breaks: [], anomalies: [], open: null, unpaired: 0 };
    draft.planned.push({
      shift,
      work: null,
      segments: evaluateSegments(shift, nothing, policy, leaveHours(draft, shift)),
    });
  }
  return { days, attributions, review };

  function note(group: PunchGroup, date: string | null, stretch: number): void {
    const shift = group.shift?.id ?? null;
    for (const { id } of group.punches) attributions.push({ punchId: id, date, shift, stretch });
  }

  function draftOf(day: DayNumber): DayDraft {
    let draft = days.get(day);
    if (!draft) {
      draft = newDraft(day, input);
      days.set(day, draft);
    }
    return draft;
  }
}

export function newDraft(day: DayNumber, input: AttendanceInput): DayDraft {
  const leave = input.leave?.filter((each) => each.day === day) ?? [];
  return emptyDraft(day, leave, input.holidays?.find((each) => each.day === day) ?? null);
}

/** Leave without hours is leave from the whole shift. */
function leaveHours(draft: DayDraft, shift: ShiftInstance): Interval[] {
  return union(draft.leave.map((each) => each.hours ?? { start: shift.start, end: shift.end }));
}

/** The paid time of a date, sorted, disjoint and rounded once: the end of the day's work moves. */
export function roundPayable(draft: DayDraft, rule: RoundingRule | null): Interval[] {
  const payable = union(draft.payable);
  const last = payable.at(-1);
  if (!rule || !last) return payable;
  const total = totalOf(payable);
  const change = roundSeconds(total, rule) - total;
  if (change <= 0) return change === 0 ? payable : dropFromEnd(payable, -change);
  return [...payable.slice(0, -1), { start: last.start, end: last.end + change }];
}

import { groupBy } from './group-by';
import { buildDrafts, newDraft, roundPayable, type Attribution } from './day/build';
import type { DayDraft } from './day/draft';
import type { Horizon } from './day/findings';
import { recordOf, type DayRecord } from './day/record';
import { findShortRests } from './day/rests';
import { splitByDay } from './day/split';
import { allocate, type CountedTime, type PaidPiece } from './overtime/allocate';
import { applyPremiums } from './overtime/premium';
import { addTotals, totalsOf, type PayTotals } from './overtime/totals';
import type { AttendanceInput } from './input';
import { activePunches, setDuplicatesAside, type DuplicatePunch, type PunchEvent } from './punches/punch';
import type { ShiftInstance } from './shifts/shift';
import { formatDate, weekStartOf, type DayNumber } from './time/calendar';

/** Totals of a day that counts for overtime, or of a workweek; `date` is its first local date. */
interface DatedTotals extends PayTotals {
  readonly date: string;
}

export interface AttendanceResult {
  /** One for each date of the span, in order. */
  readonly days: readonly DayRecord[];
  /** By the day that counts for overtime, where there is paid time. */
  readonly workdays: readonly DatedTotals[];
  readonly weeks: readonly DatedTotals[];
  /** Of the days of the span. */
  readonly totals: PayTotals;
  readonly pieces: readonly PaidPiece[];
  readonly duplicates: readonly DuplicatePunch[];
  /** Where each punch that counts went, in order of time; the date is what a period lock is tested on. */
  readonly attributions: readonly Attribution[];
  /** Punches that the policy gives no work date. */
  readonly review: readonly PunchEvent[];
}

/** Punches, shifts and policy to work days. Same inputs, same bytes. */
export function computeAttendance(input: AttendanceInput): AttendanceResult {
  const { policy, zone } = input;
  const horizon: Horizon = { now: input.now, watermark: input.watermark ?? null };
  const { kept, duplicates } = setDuplicatesAside(activePunches(input.punches), policy.dedupeSeconds);
  const { days, attributions, review } = buildDrafts(kept, expectedShifts(input), input);
  for (let day = input.from; day <= input.to; day += 1) if (!days.has(day)) days.set(day, newDraft(day, input));
  const drafts = [...days.values()].sort((a, b) => a.day - b.day);
  const pieces = payFor(drafts, input);
  const byRecord = groupBy(pieces, (piece) => piece.record);
  const rests = findShortRests(drafts, policy, zone, horizon);
  const adjusted = adjustedDays(input, drafts);
  const records: DayRecord[] = [];
  for (const [index, draft] of drafts.entries()) {
    if (draft.day < input.from || draft.day > input.to) continue;
    const extra = { isAdjusted: adjusted.has(draft.day), exceptions: rests.get(draft.day) ?? [] };
    records.push(recordOf(draft, byRecord.get(index) ?? [], extra, policy, horizon));
  }
  return {
    days: records,
    workdays: datedTotals(pieces, (piece) => piece.day),
    weeks: datedTotals(pieces, (piece) => weekStartOf(piece.day, policy.overtime.weekStart)),
    totals: addTotals(records),
    pieces,
    duplicates,
    attributions,
    review: review.flatMap((group) => group.punches),
  };
}

function expectedShifts({ shifts, employment }: AttendanceInput): ShiftInstance[] {
  const from = employment?.from ?? -Infinity;
  const until = employment?.until ?? Infinity;
  return shifts
    .filter((shift) => shift.day >= from && shift.day <= until)
    .sort((a, b) => a.start - b.start || a.end - b.end || (a.id < b.id ? -1 : 1));
}

/** Rates for all paid time, in order of time; overtime first, premiums over it. */
function payFor(drafts: readonly DayDraft[], input: AttendanceInput): PaidPiece[] {
  const { policy, zone } = input;
  const { overtime } = policy;
  const time: CountedTime[] = [];
  for (const [record, draft] of drafts.entries()) {
    const payable = roundPayable(draft, policy.roundDay);
    if (overtime.counts === 'work_date') {
      for (const { start, end } of payable) time.push({ start, end, day: draft.day, record });
    } else {
      for (const part of splitByDay(payable, overtime.workdayStart, zone)) time.push({ ...part, record });
    }
  }
  const pieces = allocate(onceOnly(time), overtime);
  if (policy.premiums.length === 0 && policy.holidayRate === null) return pieces;
  const holidays = (input.holidays ?? []).map((each) => each.day);
  return applyPremiums(pieces, policy.premiums, holidays, policy.holidayRate, zone);
}

/** Rounding may push the work of two dates into each other; the shared time goes to the earlier one alone. */
function onceOnly(time: CountedTime[]): CountedTime[] {
  time.sort((a, b) => a.start - b.start || a.record - b.record);
  let paidUntil = -Infinity;
  const once: CountedTime[] = [];
  for (const each of time) {
    if (each.end <= paidUntil) continue;
    once.push(each.start < paidUntil ? { ...each, start: paidUntil } : each);
    paidUntil = each.end;
  }
  return once.sort((a, b) => a.day - b.day || a.start - b.start);
}

/** Dates of punches that a correction brought, and dates from which one took a punch away. */
function adjustedDays(input: AttendanceInput, drafts: readonly DayDraft[]): Set<DayNumber> {
  const days = new Set<DayNumber>();
  for (const punch of input.punches) if (punch.supersededBy !== undefined) days.add(input.zone.dayOf(punch.at));
  for (const { day, works } of drafts) {
    if (works.some(({ group }) => group.punches.some((punch) => punch.supersedes !== undefined))) days.add(day);
  }
  return days;
}

function datedTotals(pieces: readonly PaidPiece[], dayOf: (piece: PaidPiece) => DayNumber): DatedTotals[] {
  return [...groupBy(pieces, dayOf)]
    .sort(([a], [b]) => a - b)
    .map(([day, own]) => ({ date: formatDate(day), ...totalsOf(own) }));
}

import { createHash } from 'node:crypto';
import { computeAttendance } from '../rules/engine';
import { nextDecision } from '../rules/day/due';
import type { DayRecord } from '../rules/day/record';
import type { Policy } from '../rules/policy';
import { comparePunches, type PunchEvent } from '../rules/punches/punch';
import { parseDate, SECONDS_PER_DAY, type DayNumber } from '../rules/time/calendar';
import type { Instant } from '../rules/time/instant';
import type { ComputationContext, PersonInputs } from './inputs';

/** A punch as a day shows it: `use` says what became of it. */
interface UsedPunch {
  readonly id: string;
  readonly type: string;
  readonly at: Instant;
  readonly use: 'counted' | 'duplicate';
}

/** What is stored of a day: the record of the rules, and the punches that it was made of. */
export interface StoredDay extends DayRecord {
  readonly punches: readonly UsedPunch[];
}

/** A computed day, as it must be stored. */
export interface ComputedDay {
  readonly day: StoredDay;
  readonly dayNumber: DayNumber;
  readonly policyId: string | null;
  readonly policy: Policy;
  readonly dueAt: Instant | null;
  /** The canonical text of the record, which is stored, and its SHA-256. */
  readonly json: string;
  readonly hash: string;
}

/**
 * The days of one person's span that belong on record: those with punches, and those on which a shift has begun or leave has been
 * entered. A function of its inputs alone, so that any order of events ends in the same rows. Each date is computed by the
 * policy that is in force on it, over the whole span.
 */
export function computeDays(inputs: PersonInputs, context: ComputationContext): ComputedDay[] {
  const { employee, span } = inputs;
  const computed: ComputedDay[] = [];
  for (let from = span.from; from <= span.to;) {
    const { id, policy } = context.policies.inForce(employee.orgUnitId, from);
    let to = from;
    while (to < span.to && context.policies.inForce(employee.orgUnitId, to + 1).id === id) to += 1;
    computed.push(...underPolicy(inputs, context.now, { from, to }, id, policy));
    from = to + 1;
  }
  return computed;
}

function underPolicy(
  { employee, span, punches, shifts, leave, holidays }: PersonInputs,
  now: Instant,
  dates: { readonly from: DayNumber; readonly to: DayNumber },
  policyId: string | null,
  policy: Policy,
): ComputedDay[] {
  const { zone, hiredOn, leftOn } = employee;
  const result = computeAttendance({
    zone,
    punches,
    shifts,
    policy,
    from: span.from,
    to: span.to,
    now,
    holidays,
    leave,
    employment: {
      from: hiredOn === null ? null : parseDate(hiredOn),
      until: leftOn === null ? null : parseDate(leftOn),
    },
  });
  const punchesByDate = usedPunches(punches, result.attributions, result.duplicates);
  const computed: ComputedDay[] = [];
  for (const day of result.days) {
    const dayNumber = parseDate(day.date);
    if (dayNumber < dates.from || dayNumber > dates.to) continue;
    const used = punchesByDate.get(day.date) ?? [];
    const own = shifts.filter((shift) => day.shifts.includes(shift.id) && Math.abs(shift.day - dayNumber) <= 1);
    const isOnRecord =
      used.length > 0 ||
      own.some((shift) => shift.start <= now) ||
      (day.leave.length > 0 && hasBegunEverywhere(dayNumber, now));
    if (!isOnRecord) continue;
    const stored: StoredDay = { ...day, punches: used };
    const json = JSON.stringify(stored);
    computed.push({
      day: stored,
      dayNumber,
      policyId,
      policy,
      dueAt: nextDecision(day, own, policy, zone, now),
      json,
      hash: createHash('sha256').update(json).digest('hex'),
    });
  }
  return computed;
}

/** By the clock of the last place on earth to begin the date (UTC-12); `leave_entries.due_at` says the same. */
function hasBegunEverywhere(day: DayNumber, now: Instant): boolean {
  return day * SECONDS_PER_DAY + 12 * 3600 <= now;
}

/** The punches by work date, in order; a duplicate follows the punch that it repeats. */
function usedPunches(
  punches: readonly PunchEvent[],
  attributions: readonly { readonly punchId: string; readonly date: string | null }[],
  duplicates: readonly { readonly punch: PunchEvent; readonly duplicateOf: string }[],
): Map<string, UsedPunch[]> {
  const byId = new Map(punches.map((punch) => [punch.id, punch]));
  const dateOf = new Map(attributions.map(({ punchId, date }) => [punchId, date]));
  const found = new Map<string, { punch: PunchEvent; use: UsedPunch['use'] }[]>();
  const add = (date: string | null | undefined, punch: PunchEvent | undefined, use: UsedPunch['use']) => {
    if (date === null || date === undefined || !punch) return;
    const list = found.get(date);
    if (list) list.push({ punch, use });
    else found.set(date, [{ punch, use }]);
  };
  for (const { punchId, date } of attributions) add(date, byId.get(punchId), 'counted');
  for (const { punch, duplicateOf } of duplicates) add(dateOf.get(duplicateOf), punch, 'duplicate');
  return new Map(
    [...found].map(([date, list]) => [
      date,
      list
        .sort((a, b) => comparePunches(a.punch, b.punch))
        .map(({ punch: { id, type, at }, use }) => ({ id, type, at, use })),
    ]),
  );
}

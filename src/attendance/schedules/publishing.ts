import type { PolicyVersions } from '../policies/policies-in-force';
import { Problem } from '../../http/problems/problem';
import type { ShiftInstance } from '../rules/shifts/shift';
import { type DayNumber, formatDate, parseDate } from '../rules/time/calendar';
import type { Instant } from '../rules/time/instant';
import type { Employee } from '../people/employee';
import { faultsOf, type RestOn } from './faults';
import type { NewInstance, StoredInstance } from './instance';
import { expand, type Plan, type Span } from './plan';
import { type GivingWay, givingWay } from './replacing';

/** How many days ahead shifts are given their instants. */
export const HORIZON_DAYS = 120;
/** Three years back and the horizon ahead: longer is a typing error in a date. */
const LONGEST_SPAN_DAYS = 3 * 366 + HORIZON_DAYS;
/** A shift may run into the second day after its date, and rest follows it. */
const AROUND_DAYS = 3;
const DEFAULT_REST = 11 * 3600;

/** What is the same for all plans of a call. */
export interface Circumstances {
  readonly now: Instant;
  readonly policies: PolicyVersions;
  readonly isClosed: (day: DayNumber) => boolean;
}

/** A plan that is to be published, or was and has changed. */
export interface Publishing {
  readonly plan: Plan;
  readonly employee: Employee;
  readonly replace: boolean;
  /** What in the body is to blame for a fault; '' for all of it. */
  readonly pointer: string;
}

/** What the person has besides: the shifts with instants, of this schedule and of others, and the other published plans. */
export interface Surroundings {
  readonly stored: readonly StoredInstance[];
  readonly others: readonly Plan[];
}

/** What publishing comes to; nothing of it is stored yet. */
export interface Published {
  readonly plan: Plan;
  readonly until: DayNumber;
  /** The local date of the person: its shifts and later ones are replaced as far as they have not begun. */
  readonly today: DayNumber;
  readonly created: readonly NewInstance[];
  readonly givingWay: readonly GivingWay[];
  /** Dates that would have shifts, were their pay period not closed. */
  readonly skippedClosedDays: readonly string[];
}

/** Works out the shifts of a plan and checks them against everything else the person has. Throws the refusal, with all faults at once. */
export function publish(publishing: Publishing, around: Surroundings, circumstances: Circumstances): Published {
  const { plan, employee, replace, pointer } = publishing;
  const { schedule } = plan;
  const { now, isClosed } = circumstances;
  const today = employee.zone.dayOf(now);
  const first = schedule.publishedAt === undefined;
  const span = spanOf(publishing, today);
  const isFrozen = ({ day, windowStart }: StoredInstance) => day < today || windowStart <= now || isClosed(day);

  const own = around.stored.filter((each) => each.scheduleId === schedule.id && isFrozen(each));
  const begun = new Set(own.map(({ day }) => day));
  const known = new Set(own.map(({ shiftId, day }) => `${shiftId} ${day}`));
  const from = first ? span.from : Math.max(span.from, today);
  const wanted = expand(plan, { from, to: span.to }, employee.zone);
  const open = wanted.filter(({ day }) => !isClosed(day));
  // A date of which a shift has begun keeps it: nothing that has begun is put beside it or in its place.
  const created = open.filter(
    ({ id, day, windowStart }) => !known.has(`${id} ${day}`) && (windowStart > now || !begun.has(day)),
  );

  const ways = replace ? around.others.flatMap((other) => givingWay(other.schedule, schedule) ?? []) : [];
  const gone = new Map(ways.map((way) => [way.before.id, way.gone]));
  const kept = around.stored.filter(
    (each) => each.scheduleId !== schedule.id && (isFrozen(each) || !within(gone.get(each.scheduleId), each.day)),
  );
  const near = { from: span.from - AROUND_DAYS, to: span.to + AROUND_DAYS };
  const tails = around.others.flatMap((other) => tailOf(other, near, today, employee, gone.get(other.schedule.id)));
  const present = [...own, ...kept].map(({ instance }) => instance).concat(tails);
  const problem = faultsOf(created, present, restOn(circumstances.policies, employee), { pointer, now });
  if (problem) throw problem;
  return {
    plan,
    until: span.to,
    today,
    created: created.map((instance) => ({ employeeId: employee.id, scheduleId: schedule.id, instance })),
    givingWay: ways,
    skippedClosedDays: [...new Set(wanted.filter(({ day }) => isClosed(day)).map(({ day }) => formatDate(day)))],
  };
}

/** From the start of the schedule to its end, the end of the employment or the horizon; a plan for later is looked at as if it began today. */
function spanOf({ plan: { schedule }, employee }: Publishing, today: DayNumber): Span {
  const from = parseDate(schedule.startDate);
  const ends = [schedule.endDate, employee.leftOn ?? undefined].flatMap((date) =>
    date === undefined ? [] : [parseDate(date)],
  );
  const to = Math.min(Math.max(today, from) + HORIZON_DAYS, ...ends);
  if (to - from > LONGEST_SPAN_DAYS) {
    const detail = 'lies more than three years back; end the schedule earlier, or begin it later';
    throw new Problem('span_too_long', `/startDate ${detail}.`, {
      errors: [{ pointer: '/startDate', code: 'span_too_long', detail }],
    });
  }
  return { from, to };
}

/** The shifts of another published plan that have no instants yet. */
function tailOf(
  other: Plan,
  near: Span,
  today: DayNumber,
  { zone }: Employee,
  gone: Span | undefined,
): ShiftInstance[] {
  const { materialisedUntil } = other.schedule;
  const from = Math.max(
    near.from,
    today,
    materialisedUntil === undefined ? near.from : parseDate(materialisedUntil) + 1,
  );
  return from > near.to ? [] : expand(other, { from, to: near.to }, zone).filter(({ day }) => !within(gone, day));
}

const within = (span: Span | undefined, day: DayNumber) => span !== undefined && day >= span.from && day <= span.to;

/** The rest that the policy in force on a date asks for; a policy that says nothing means the 11 hours of Directive 2003/88/EC. */
function restOn(policies: PolicyVersions, { orgUnitId }: Employee): RestOn {
  return (day) => policies.inForce(orgUnitId, day).policy.minDailyRestSeconds ?? DEFAULT_REST;
}

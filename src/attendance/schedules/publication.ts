import type { PolicyVersions } from '../policies/policies-in-force';
import { Problem } from '../../http/problems/problem';
import type { ShiftInstance } from '../rules/shifts/shift';
import { type DayNumber, formatDate, parseDate } from '../rules/time/calendar';
import type { Instant } from '../rules/time/instant';
import type { Employee } from '../people/employee';
import { faultsOf, type RestOn } from './faults';
import type { NewInstance, StoredInstance } from './instance';
import { expand, type Plan, type Span } from './plan';
import { type SupersededSchedule, supersede } from './superseding';

/** How many days ahead shifts get their instants. */
export const HORIZON_DAYS = 120;
/** Three years back and the horizon ahead: a longer span is a typing error in a date. */
const LONGEST_SPAN_DAYS = 3 * 366 + HORIZON_DAYS;
/** A shift may end on the second day after its date, and the rest period follows it. */
const AROUND_DAYS = 3;
const DEFAULT_REST = 11 * 3600;

/** What all publications of a call share. */
export interface PublicationContext {
  readonly now: Instant;
  readonly policies: PolicyVersions;
  readonly isClosed: (day: DayNumber) => boolean;
}

/** A plan to be published, or a published one that has changed. */
export interface Publication {
  readonly plan: Plan;
  readonly employee: Employee;
  readonly replace: boolean;
  /** Where in the body a fault lies; '' for all of it. */
  readonly pointer: string;
}

/** What the person has already: stored shifts of this schedule and others, and the other published plans. */
export interface ExistingShifts {
  readonly stored: readonly StoredInstance[];
  readonly others: readonly Plan[];
}

/** The result of a publication, not stored yet. */
export interface Published {
  readonly plan: Plan;
  readonly until: DayNumber;
  /** The local date of the person. Shifts from this date on are replaced if they have not begun. */
  readonly today: DayNumber;
  readonly created: readonly NewInstance[];
  readonly superseded: readonly SupersededSchedule[];
  /** Dates without shifts because their pay period is closed. */
  readonly skippedClosedDays: readonly string[];
}

/** Computes the shifts of a plan and checks them against the existing ones. Throws a Problem with all faults. */
export function publish(publication: Publication, existing: ExistingShifts, context: PublicationContext): Published {
  const { plan, employee, replace, pointer } = publication;
  const { schedule } = plan;
  const { now, isClosed } = context;
  const today = employee.zone.dayOf(now);
  const first = schedule.publishedAt === undefined;
  const span = spanOf(publication, today);
  const isFrozen = ({ day, windowStart }: StoredInstance) => day < today || windowStart <= now || isClosed(day);

  const own = existing.stored.filter((each) => each.scheduleId === schedule.id && isFrozen(each));
  const begun = new Set(own.map(({ day }) => day));
  const known = new Set(own.map(({ shiftId, day }) => `${shiftId} ${day}`));
  const from = first ? span.from : Math.max(span.from, today);
  const wanted = expand(plan, { from, to: span.to }, employee.zone);
  const open = wanted.filter(({ day }) => !isClosed(day));
  // A shift that has begun stays: no shift that has begun is added beside it or in its place.
  const created = open.filter(
    ({ id, day, windowStart }) => !known.has(`${id} ${day}`) && (windowStart > now || !begun.has(day)),
  );

  const superseded = replace ? existing.others.flatMap((other) => supersede(other.schedule, schedule) ?? []) : [];
  const withdrawn = new Map(superseded.map((each) => [each.before.id, each.withdrawn]));
  const kept = existing.stored.filter(
    (each) => each.scheduleId !== schedule.id && (isFrozen(each) || !within(withdrawn.get(each.scheduleId), each.day)),
  );
  const near = { from: span.from - AROUND_DAYS, to: span.to + AROUND_DAYS };
  const tails = existing.others.flatMap((other) =>
    tailOf(other, near, today, employee, withdrawn.get(other.schedule.id)),
  );
  const present = [...own, ...kept].map(({ instance }) => instance).concat(tails);
  const problem = faultsOf(created, present, restOn(context.policies, employee), { pointer, now });
  if (problem) throw problem;
  return {
    plan,
    until: span.to,
    today,
    created: created.map((instance) => ({ employeeId: employee.id, scheduleId: schedule.id, instance })),
    superseded,
    skippedClosedDays: [...new Set(wanted.filter(({ day }) => isClosed(day)).map(({ day }) => formatDate(day)))],
  };
}

/** From the start of the schedule to its end, the end of the employment or the horizon, counted from the start if that is later than today. */
function spanOf({ plan: { schedule }, employee }: Publication, today: DayNumber): Span {
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
  withdrawn: Span | undefined,
): ShiftInstance[] {
  const { materialisedUntil } = other.schedule;
  const from = Math.max(
    near.from,
    today,
    materialisedUntil === undefined ? near.from : parseDate(materialisedUntil) + 1,
  );
  return from > near.to ? [] : expand(other, { from, to: near.to }, zone).filter(({ day }) => !within(withdrawn, day));
}

const within = (span: Span | undefined, day: DayNumber) => span !== undefined && day >= span.from && day <= span.to;

/** The rest period of the policy in force on a date; without one, the 11 hours of Directive 2003/88/EC. */
function restOn(policies: PolicyVersions, { orgUnitId }: Employee): RestOn {
  return (day) => policies.inForce(orgUnitId, day).policy.minDailyRestSeconds ?? DEFAULT_REST;
}

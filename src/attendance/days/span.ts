import type { PolicyVersions } from '../policies/policies-in-force';
import type { Policy } from '../rules/policy';
import { weekStartOf, type DayNumber } from '../rules/time/calendar';

/** Work dates, both included. */
export interface DaySpan {
  readonly from: DayNumber;
  readonly to: DayNumber;
}

/** A mark has the UTC date of a punch. Its local date may be the next one, and its work date one more day away. */
const NEAR = 2;

/**
 * The work dates that a change on the dates of `near` may move: those around it; the whole workweeks where overtime or rest looks
 * at the week; further still where a run of days counts across weeks.
 */
export function spanAround(near: DaySpan, unitId: string | null, policies: PolicyVersions): DaySpan {
  return wholeWeeks({ from: near.from - NEAR, to: near.to + NEAR }, unitId, policies);
}

/** A span, widened to whole workweeks where overtime or rest looks at the week. */
export function wholeWeeks({ from, to }: DaySpan, unitId: string | null, policies: PolicyVersions): DaySpan {
  const first = policies.inForce(unitId, from).policy;
  const last = policies.inForce(unitId, to).policy;
  return { from: reachBack(from, first), to: reachForward(to, last) };
}

function reachBack(day: DayNumber, policy: Policy): DayNumber {
  return looksAtWeeks(policy) ? weekStartOf(day - runOf(policy), policy.overtime.weekStart) : day;
}

function reachForward(day: DayNumber, policy: Policy): DayNumber {
  return looksAtWeeks(policy) ? weekStartOf(day + runOf(policy), policy.overtime.weekStart) + 6 : day;
}

export function looksAtWeeks({ overtime, minWeeklyRestSeconds }: Policy): boolean {
  return overtime.weekly.length > 0 || overtime.seventhDay !== null || minWeeklyRestSeconds !== null;
}

/** How many days before a span its first runs of days may reach: none looks further back than the days that it counts. */
export function longestRun({ from, to }: DaySpan, unitId: string | null, policies: PolicyVersions): number {
  return Math.max(...[from, to].map((day) => runOf(policies.inForce(unitId, day).policy)));
}

function runOf({ overtime }: Policy): number {
  return overtime.seventhDay?.scope === 'rolling' ? overtime.seventhDay.days : 0;
}

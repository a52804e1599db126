import { definePolicy, type Policy } from '../../../../src/attendance/rules/policy';
import { weekStartOf } from '../../../../src/attendance/rules/time/calendar';
import type { PunchEvent } from '../../../../src/attendance/rules/punches/punch';
import { hours, Unsupported } from '../case';
import { toHours, type CaseContext, type Observers } from '../context';
import { unbroken } from './unbroken';

/** Rests and breaks of the Working Time Directive, by the exceptions that the engine raises. */
export const WORKING_TIME_OBSERVERS: Observers = {
  // A rest is only reported where it is too short, so a longer one is asked for.
  restHours: (context) => toHours(reportedRest(context, 7 * 24 * 3600 - 1) ?? NaN),
  violation: (context) => {
    const { rules } = context.given;
    const key = ['minDailyRestHours', 'minWeeklyRestHours'].find((each) => each in rules);
    if (key === undefined) throw new Unsupported('a violation without a minimum');
    return reportedRest(context, hours(rules[key], key)) !== null;
  },
  breakRequired: (context) => {
    const { inputs, rules } = context.given;
    const rule = { breakRequiredOverSeconds: hours(rules.breakRequiredOverHours, 'breakRequiredOverHours') };
    const { days } = unbroken(context, hours(inputs.workedHours, 'workedHours'), rule);
    return days.some((day) => day.exceptions.some(({ code }) => code === 'MISSING_BREAK'));
  },
};

/** The seconds of the rest that the engine finds shorter than `minimum`; `null` for none. */
function reportedRest(context: CaseContext, minimum: number): number | null {
  const isWeekly = 'minWeeklyRestHours' in context.given.rules;
  const rule = isWeekly ? { minWeeklyRestSeconds: minimum } : { minDailyRestSeconds: minimum };
  const found = codesOf(context, completed(context, isWeekly), rule);
  return found.find(({ code }) => code === (isWeekly ? 'SHORT_WEEKLY_REST' : 'SHORT_REST'))?.seconds ?? null;
}

function codesOf(context: CaseContext, punches: readonly PunchEvent[], rule: Partial<Policy>) {
  const { setup } = context;
  const zone = setup.zone;
  const last = Math.max(...punches.map(({ at }) => at));
  const result = context.compute({
    punches,
    policy: definePolicy({ ...setup.policy, ...rule }),
    from: zone.dayOf(Math.min(...punches.map(({ at }) => at))) - 1,
    to: zone.dayOf(last) + 1,
    now: last + 30 * 24 * 3600,
  });
  return result.days.flatMap((day) => day.exceptions);
}

/**
 * The work that a rest lies between: an hour before the first out, an hour behind the last in. A weekly rest is the longest of its
 * week, so there the work behind lasts into the next week, lest the time after it be the rest.
 */
function completed({ setup }: CaseContext, isWeekly: boolean): PunchEvent[] {
  const { punches, zone, policy } = setup;
  const [first, last] = [punches[0], punches.at(-1)];
  if (!first || !last) throw new Unsupported('a rest without punches');
  const nextWeek = zone.dayStart(weekStartOf(zone.dayOf(last.at), policy.overtime.weekStart) + 7);
  const end = isWeekly ? Math.max(last.at, nextWeek) + 3600 : last.at + 3600;
  return [
    ...(first.type === 'out' ? [punch('in', first.at - 3600, 0)] : []),
    ...punches,
    ...(last.type === 'in' ? [punch('out', end, punches.length + 1)] : []),
  ];
}

const punch = (type: 'in' | 'out', at: number, seq: number): PunchEvent => ({ id: `${type} ${seq}`, type, at, seq });

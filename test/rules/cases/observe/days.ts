import type { DayRecord } from '../../../../src/attendance/rules/day/record';
import { roundInstant } from '../../../../src/attendance/rules/day/rounding';
import { Unsupported } from '../case';
import { toHours, toMinutes, type CaseContext, type Observers } from '../context';
import { likeWanted, oneOrList } from './form';

/** What was worked, by day; the same in every category. */
export const DAY_OBSERVERS: Observers = {
  workedHours: (context) => toHours(context.sum((day) => day.workedSeconds)),
  workedMinutes: (context) => toMinutes(context.sum((day) => day.workedSeconds)),
  workedSeconds: (context) => context.sum((day) => day.workedSeconds),
  paidHours: (context) => toHours(context.sum((day) => day.payableSeconds)),
  hours: (context, wanted) =>
    Array.isArray(wanted) ? hoursByStretch(context) : toHours(context.sum((day) => day.workedSeconds)),
  status: (context) => statusOf(context.day),
  perDay: ({ result }) => perDay(result.days),
  final: ({ result }) => perDay(result.days),
  afterFirstPair: (context) => perDay(context.compute({ punches: context.setup.punches.slice(0, 2) }).days),
  'day*': (context, wanted, key) => dayFacts(context.days[Number(key.slice(3)) - 1], wanted),
  in: ({ day, setup }, wanted) =>
    day?.firstIn == null
      ? null
      : likeWanted(roundInstant(day.firstIn, setup.policy.roundIn, setup.zone), wanted, setup.zone),
  out: ({ day, setup }, wanted) =>
    day?.lastOut == null
      ? null
      : likeWanted(roundInstant(day.lastOut, setup.policy.roundOut, setup.zone), wanted, setup.zone),
  rounded: ({ setup }, wanted) => {
    const { zone, policy } = setup;
    const rounded = setup.punches.map(({ at, type }, index) => {
      const isIn = type === 'in' || type === 'break_end';
      const form = Array.isArray(wanted) ? (wanted as unknown[])[index] : wanted;
      return likeWanted(roundInstant(at, isIn ? policy.roundIn : policy.roundOut, zone), form, zone);
    });
    return oneOrList(rounded, wanted);
  },
};

/** UNDECIDED is written `null` by the cases: nothing is said about the day yet. */
export function statusOf(day: DayRecord | undefined): string | null {
  return !day || day.status === 'UNDECIDED' ? null : day.status;
}

/** Hours by the work date that owns them. */
export function perDay(days: readonly DayRecord[]): Record<string, number> {
  const worked = days.filter((day) => day.payableSeconds > 0);
  return Object.fromEntries(worked.map((day) => [day.date, toHours(day.payableSeconds)]));
}

/** Each stretch of work by itself, in order. */
function hoursByStretch({ days, result, setup }: CaseContext): number[] {
  const stretchAt = new Map(
    result.attributions.map((each) => [setup.punches.find((punch) => punch.id === each.punchId)?.at, each.stretch]),
  );
  const hours = new Map<number, number>();
  for (const { start, end } of days.flatMap((day) => day.presence)) {
    const stretch = stretchAt.get(start) ?? 0;
    hours.set(stretch, (hours.get(stretch) ?? 0) + toHours(end - start));
  }
  return [...hours.values()];
}

function dayFacts(day: DayRecord | undefined, wanted: unknown): unknown {
  const facts: Record<string, unknown> = {
    date: day?.date,
    status: statusOf(day),
    workedHours: toHours(day?.workedSeconds ?? 0),
    workedMinutes: toMinutes(day?.workedSeconds ?? 0),
    overtimeHours: toHours((day?.overtimeSeconds ?? 0) + (day?.doubleTimeSeconds ?? 0)),
  };
  const keys = Object.keys(Object(wanted) as object);
  const unknown = keys.find((key) => !(key in facts));
  if (unknown !== undefined) throw new Unsupported(`expected day fact ${unknown}`);
  return Object.fromEntries(keys.map((key) => [key, facts[key]]));
}

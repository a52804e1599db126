import { totalsOf, type PayTotals } from '../../../../src/attendance/rules/overtime/totals';
import { approvalsReset } from '../../../../src/attendance/rules/periods/approval';
import { formatDate, weekStartOf } from '../../../../src/attendance/rules/time/calendar';
import { lengthOf } from '../../../../src/attendance/rules/time/interval';
import { splitByDay } from '../../../../src/attendance/rules/day/split';
import { toHours, toMinutes, type CaseContext, type Observers } from '../context';
import { perDay } from './days';

/** Buckets, weeks and what depends on them. */
export const OVERTIME_OBSERVERS: Observers = {
  regularHours: ({ result }) => toHours(result.totals.regularSeconds),
  overtimeHours: ({ result }) => toHours(result.totals.overtimeSeconds),
  doubleTimeHours: ({ result }) => toHours(result.totals.doubleTimeSeconds),
  totalHours: ({ result }) => toHours(result.totals.payableSeconds),
  premiumHours: ({ result }) => toHours(result.totals.premiumSeconds),
  perDay: (context, wanted) => (Array.isArray(wanted) ? weekRows(context) : perDay(context.result.days)),
  perWorkday: ({ result }) => Object.fromEntries(result.workdays.map((day) => [day.date, toHours(day.payableSeconds)])),
  byDay: ({ result, setup }) => {
    const premium = result.pieces.filter((piece) => piece.source.startsWith('premium:'));
    const byDay: Record<string, number> = {};
    for (const part of splitByDay(premium, 0, setup.zone)) {
      const date = formatDate(part.day);
      byDay[date] = (byDay[date] ?? 0) + toHours(lengthOf(part));
    }
    return byDay;
  },
  rate: ({ result }) => result.pieces.find((piece) => piece.source.startsWith('premium:'))?.rate ?? null,
  days: ({ result }) => result.days.filter((day) => day.payableSeconds > 0).map(bucketNames),
  'week*Overtime': (context, _, key) => {
    const totals = weekTotals(context, Number(/\d+/.exec(key)?.[0]));
    return toHours(totals.overtimeSeconds + totals.doubleTimeSeconds);
  },
  'week*': (context, _, key) => {
    const totals = weekTotals(context, Number(key.slice(4)));
    return {
      regularHours: toHours(totals.regularSeconds),
      overtimeHours: toHours(totals.overtimeSeconds),
      doubleTimeHours: toHours(totals.doubleTimeSeconds),
    };
  },
  overtimeMinutesByTolerance: (context, wanted) => {
    const { policy } = context.setup;
    const byTolerance = Object.keys(Object(wanted) as object).map((minutes) => {
      const daily = policy.overtime.daily.map((tier) => ({ ...tier, toleranceSeconds: Number(minutes) * 60 }));
      const { totals } = context.compute({ policy: { ...policy, overtime: { ...policy.overtime, daily } } });
      return [minutes, toMinutes(totals.overtimeSeconds)];
    });
    return Object.fromEntries(byTolerance) as Record<string, number>;
  },
  dailyRule: (context) => resetText(context, 'day'),
  weeklyRule: (context) => resetText(context, 'week'),
};

/** The seven days of the first week, worked or not. */
function weekRows({ result, setup }: CaseContext) {
  const start = weekStartOf(setup.zone.dayOf(setup.punches[0]?.at ?? 0), setup.policy.overtime.weekStart);
  return Array.from({ length: 7 }, (_, index) => {
    const day = result.workdays.find((each) => each.date === formatDate(start + index)) ?? totalsOf([]);
    return { reg: toHours(day.regularSeconds), ot: toHours(day.overtimeSeconds), dt: toHours(day.doubleTimeSeconds) };
  });
}

function bucketNames(day: { buckets: readonly { source: string; rate: number; seconds: number }[] }) {
  const named: Record<string, number> = { regular: 0 };
  for (const { source, rate, seconds } of day.buckets) {
    const name = source === 'regular' ? 'regular' : `${source.charAt(0)}${rate.toFixed(1)}`;
    named[name] = (named[name] ?? 0) + toHours(seconds);
  }
  return named;
}

/** Of the how-many-th week since the first punch. */
function weekTotals({ result, setup }: CaseContext, number: number): PayTotals {
  const first = weekStartOf(setup.zone.dayOf(setup.punches[0]?.at ?? 0), setup.policy.overtime.weekStart);
  const date = formatDate(first + 7 * (number - 1));
  return result.weeks.find((week) => week.date === date) ?? totalsOf([]);
}

/** Three weeks of approved days, of which the punched one changes; what falls back, in the words of the cases. */
function resetText({ days, setup }: CaseContext, span: 'day' | 'week'): string {
  const changed = setup.zone.dayOf(setup.punches[0]?.at ?? 0);
  const monday = weekStartOf(changed, 1);
  const approved = Array.from({ length: 21 }, (_, index) => monday - 7 + index);
  const reset = approvalsReset(approved, [changed], { span, weekStart: 1 });
  const week = approved.filter((day) => weekStartOf(day, 1) === monday);
  if (reset.length === 1) return `only ${formatDate(reset[0] ?? 0)} returns to PENDING`;
  if (reset.join() === week.join()) return 'every approved day of that ISO week returns to PENDING';
  return `${reset.map(formatDate).join(', ')} return to PENDING; ${days.length} days were punched`;
}

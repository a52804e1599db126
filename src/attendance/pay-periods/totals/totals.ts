import { bucketMinutes, payMinutes } from '../../rules/overtime/minutes';

/** What is summed over the days of a person, in seconds, in the order in which it is shown. */
export const measures = [
  'scheduled',
  'worked',
  'payable',
  'regular',
  'overtime',
  'doubleTime',
  'premium',
  'break',
  'late',
  'earlyLeave',
  'mealPremium',
] as const;
type Measure = (typeof measures)[number];

export interface PaidBucket {
  readonly source: string;
  readonly rate: number;
  readonly seconds: number;
}

/** An adjustment as it is paid: `workDate` is the day that it puts right, not the day on which it is paid. */
export interface PaidAdjustment extends PaidBucket {
  readonly id: string;
  readonly workDate: string;
  readonly origin: string;
  readonly reason: string;
}

/** The column `totals` of pay_period_totals. */
export interface StoredTotals extends Readonly<Record<`${Measure}Seconds`, number>> {
  readonly approvedDays: number;
  /** Absent in what was frozen while each part was cut off by itself: a closed period stays the same bytes for ever. */
  readonly minutesAddUp?: true;
  readonly buckets: readonly PaidBucket[];
  readonly adjustments: readonly PaidAdjustment[];
}

/** What a period comes to for one person. */
export interface EmployeeTotals {
  readonly employeeId: string;
  readonly employeeNumber: string | null;
  readonly name: string;
  readonly days: number;
  readonly totals: StoredTotals;
}

/** Whole minutes: seconds are cut off here and nowhere before. */
export const minutesOf = (seconds: number) => Math.trunc(seconds / 60) || 0;

/** The measures of totals in whole minutes, those of what is paid such that they add up. */
export function measuredMinutes(totals: StoredTotals): Record<string, number> {
  const cut = Object.fromEntries(
    measures.map((measure) => [`${measure}Minutes`, minutesOf(totals[`${measure}Seconds`])]),
  );
  return totals.minutesAddUp ? { ...cut, ...payMinutes(totals) } : cut;
}

/** The minutes of the buckets of totals, in their order. */
export const minutesOfBuckets = ({ buckets, minutesAddUp }: StoredTotals): number[] =>
  minutesAddUp ? bucketMinutes(buckets) : buckets.map(({ seconds }) => minutesOf(seconds));

/** One person's totals as the API shows them. */
export function shownTotals({ employeeId, employeeNumber, name, days, totals }: EmployeeTotals) {
  const { approvedDays, buckets, adjustments } = totals;
  const ofBucket = minutesOfBuckets(totals);
  return {
    employeeId,
    ...(employeeNumber === null ? {} : { employeeNumber }),
    name,
    days,
    approvedDays,
    ...measuredMinutes(totals),
    buckets: buckets.map(({ source, rate }, index) => ({ source, rate, minutes: ofBucket[index] ?? 0 })),
    adjustments: adjustments.map(({ id, workDate, origin, source, rate, seconds, reason }) => {
      return { id, date: workDate, origin, source, rate, minutes: minutesOf(seconds), reason };
    }),
  };
}

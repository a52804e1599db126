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
export type Measure = (typeof measures)[number];

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

/** Whole minutes: seconds are cut off here and nowhere before, so the parts may add up to a minute less than their total. */
export const minutesOf = (seconds: number) => Math.trunc(seconds / 60) || 0;

/** One person's totals as the API shows them. */
export function shownTotals({ employeeId, employeeNumber, name, days, totals }: EmployeeTotals) {
  const { approvedDays, buckets, adjustments } = totals;
  const minutes = Object.fromEntries(
    measures.map((measure) => [`${measure}Minutes`, minutesOf(totals[`${measure}Seconds`])]),
  );
  return {
    employeeId,
    ...(employeeNumber === null ? {} : { employeeNumber }),
    name,
    days,
    approvedDays,
    ...minutes,
    buckets: buckets.map(({ source, rate, seconds }) => ({ source, rate, minutes: minutesOf(seconds) })),
    adjustments: adjustments.map(({ id, workDate, origin, source, rate, seconds, reason }) => {
      return { id, date: workDate, origin, source, rate, minutes: minutesOf(seconds), reason };
    }),
  };
}

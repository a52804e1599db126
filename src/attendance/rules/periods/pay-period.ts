import { dayOf, daysInMonth, partsOf, type DayNumber } from '../time/calendar';

/** How a tenant cuts time into pay periods. Days of the month past its end mean its last day. */
export type PayPeriodRule =
  /** `weeks` at a time (1 weekly, 2 bi-weekly, 4 …), one of which began on `anchor`. */
  | { readonly type: 'weeks'; readonly weeks: number; readonly anchor: DayNumber }
  /** A period begins on each of these days of the month: [1] monthly, [1, 15] or [1, 16] semi-monthly. */
  | { readonly type: 'days_of_month'; readonly starts: readonly number[] };

/** Both days included. */
interface PayPeriodDates {
  readonly start: DayNumber;
  readonly end: DayNumber;
}

/** The pay period that contains a day. */
export function payPeriodOf(day: DayNumber, rule: PayPeriodRule): PayPeriodDates {
  if (rule.type === 'weeks') {
    const length = rule.weeks * 7;
    const start = day - ((((day - rule.anchor) % length) + length) % length);
    return { start, end: start + length - 1 };
  }
  const { year, month } = partsOf(day);
  const starts = [month - 1, month, month + 1].flatMap((each) => startsIn(year, each, rule.starts));
  const start = starts.findLast((each) => each <= day) ?? day;
  const next = starts.find((each) => each > day) ?? day + 1;
  return { start, end: next - 1 };
}

/** In order; `month` may lie outside 1 to 12. */
function startsIn(year: number, month: number, days: readonly number[]): DayNumber[] {
  const first = dayOf(year, month, 1);
  const last = daysInMonth(year, month);
  return days.map((each) => first + Math.min(each, last) - 1).sort((a, b) => a - b);
}

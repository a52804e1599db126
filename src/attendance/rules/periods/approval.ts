import { weekStartOf, type DayNumber, type Weekday } from '../time/calendar';

/**
 * The approved days that fall back to pending when punches of `changed` days change: those days alone, or, where an
 * overtime rule looks at the week, every approved day of their weeks.
 */
export function approvalsReset(
  approved: readonly DayNumber[],
  changed: readonly DayNumber[],
  rule: { readonly span: 'day' | 'week'; readonly weekStart: Weekday },
): DayNumber[] {
  const spanOf = (day: DayNumber) => (rule.span === 'day' ? day : weekStartOf(day, rule.weekStart));
  const touched = new Set(changed.map(spanOf));
  return approved.filter((day) => touched.has(spanOf(day)));
}

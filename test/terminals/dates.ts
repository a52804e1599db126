const DAY_MS = 86_400_000;

/**
 * The latest year of which the first 120 days are past. Its January to April, and July to December of the year before, are past and less than
 * two years old whenever the tests run, so that a backlog may bring them.
 */
export const YEAR = new Date(Date.now() - 120 * DAY_MS).getUTCFullYear();

/** The date of so many days ago, by UTC. */
export const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

/** The date on which the clocks of Europe change in a month (of 31 days): its last Sunday, as Directive 2000/84/EC has it. */
export function clockChange(year: number, month: 'March' | 'October'): string {
  const last = new Date(Date.UTC(year, month === 'March' ? 2 : 9, 31));
  last.setUTCDate(31 - last.getUTCDay());
  return last.toISOString().slice(0, 10);
}

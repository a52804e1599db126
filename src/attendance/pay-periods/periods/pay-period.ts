import { audited, type AuditedAction } from '../../../audit/ledger/entry';
import { withoutNulls } from '../../../http/input/without-nulls';
import { dayOf, formatDate, parseDate } from '../../rules/time/calendar';
import { type PayPeriodRule, payPeriodOf } from '../../rules/periods/pay-period';
import type { StoredPayPeriod } from './pay-period.entity';

export const payPeriodTypes = ['weekly', 'biweekly', 'semimonthly', 'monthly'] as const;
type PayPeriodType = (typeof payPeriodTypes)[number];

/** A period as the API shows it. */
export const payPeriodResponse = ({ tenantId: _, ...period }: StoredPayPeriod) => withoutNulls(period);
export type PayPeriod = ReturnType<typeof payPeriodResponse>;

/** A Monday: where nobody says when weeks and fortnights begin, they are counted from it. */
const MONDAY = dayOf(1970, 1, 5);

/** The dates of the period of a type that contains a date. `anchor` is a first day of some period, and counts for weeks alone. */
export function datesOfPeriod(
  type: PayPeriodType,
  date: string,
  anchor?: string,
): { startDate: string; endDate: string } {
  const { start, end } = payPeriodOf(parseDate(date), ruleOf(type, anchor));
  return { startDate: formatDate(start), endDate: formatDate(end) };
}

function ruleOf(type: PayPeriodType, anchor: string | undefined): PayPeriodRule {
  const from = anchor === undefined ? MONDAY : parseDate(anchor);
  switch (type) {
    case 'weekly':
      return { type: 'weeks', weeks: 1, anchor: from };
    case 'biweekly':
      return { type: 'weeks', weeks: 2, anchor: from };
    case 'semimonthly':
      return { type: 'days_of_month', starts: [1, 16] };
    case 'monthly':
      return { type: 'days_of_month', starts: [1] };
  }
}

/** As the ledger remembers it. A hash of contents is no secret, but the ledger masks what is called one. */
export function periodToAudit(period: PayPeriod): Record<string, unknown> {
  const { name, startDate, endDate, graceDays, status, revision, contentHash, closedBy } = period;
  return { name, startDate, endDate, graceDays, status, revision, sha256: contentHash, closedBy };
}

const entryOf = audited('pay_period', periodToAudit);

/** The entry of closing or reopening a period: the period before and after, and `details` of the step beside it. */
export function stepEntry(
  action: AuditedAction,
  before: PayPeriod,
  after: PayPeriod,
  details: Record<string, unknown>,
) {
  const entry = entryOf(action, before, after);
  return { ...entry, after: { ...entry.after, ...details } };
}

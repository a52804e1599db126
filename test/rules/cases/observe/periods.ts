import { z } from 'zod';
import { payPeriodOf, type PayPeriodRule } from '../../../../src/attendance/rules/periods/pay-period';
import { dayOf, formatDate, parseDate, partsOf, weekStartOf } from '../../../../src/attendance/rules/time/calendar';
import { number, read, text, Unsupported } from '../case';
import type { CaseContext, Observers } from '../context';

export const CALENDAR_OBSERVERS: Observers = {
  // ISO 8601 numbers the weeks that begin on Monday by the year that holds their Thursday; which week a date is in, the engine says.
  isoWeek: ({ given }) => {
    const thursday = weekStartOf(parseDate(text(given.inputs.date, 'date')), 1) + 3;
    const { year } = partsOf(thursday);
    return `${year}-W${String(Math.floor((thursday - dayOf(year, 1, 1)) / 7) + 1).padStart(2, '0')}`;
  },
};

export const PAY_PERIOD_OBSERVERS: Observers = {
  start: (context) => formatDate(periodOf(context).start),
  end: (context) => formatDate(periodOf(context).end),
};

function periodOf({ given: { rules, inputs } }: CaseContext) {
  return payPeriodOf(parseDate(text(inputs.anyDate ?? inputs.date, 'anyDate')), ruleOf(rules));
}

const WEEKS: Readonly<Record<string, number>> = { weekly: 1, bi_weekly: 2, biweekly: 2, four_weekly: 4 };

function ruleOf(rules: Readonly<Record<string, unknown>>): PayPeriodRule {
  const type = text(rules.type, 'type');
  if (type === 'semi_monthly' || type === 'monthly') {
    const usual = type === 'monthly' ? [1] : [1, 16];
    return { type: 'days_of_month', starts: read(z.array(z.number()), rules.starts ?? usual, 'starts') };
  }
  const weeks = rules.weeks === undefined ? WEEKS[type] : number(rules.weeks, 'weeks');
  if (weeks === undefined) throw new Unsupported(`type: ${type}`);
  return { type: 'weeks', weeks, anchor: parseDate(text(rules.anchor, 'anchor')) };
}

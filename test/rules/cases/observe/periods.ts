import { z } from 'zod';
import { refuseDating } from '../../../../src/attendance/rules/punches/accept';
import { isLocked, lockDays, unlockDays, type LockOutcome } from '../../../../src/attendance/rules/periods/lock';
import { payPeriodOf, type PayPeriodRule } from '../../../../src/attendance/rules/periods/pay-period';
import { formatDate, isoWeekOf, parseDate } from '../../../../src/attendance/rules/time/calendar';
import { hours, number, read, text, Unsupported } from '../case';
import type { CaseContext, Observers } from '../context';

export const CALENDAR_OBSERVERS: Observers = {
  isoWeek: ({ given }) => isoWeekOf(parseDate(text(given.inputs.date, 'date'))),
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

const lockInputs = z.object({
  entryDate: z.iso.date(),
  now: z.iso.date(),
  fullOverride: z.boolean().default(false),
  graceOverride: z.boolean().default(false),
});

/** The outcomes of the lock in the status codes of the cases. */
const STATUS = ({ outcome }: LockOutcome) => (outcome === 'refused' ? 409 : 200);

export const LOCK_OBSERVERS: Observers = {
  locked: ({ given: { rules, inputs } }) => {
    const { entryDate, now, fullOverride, graceOverride } = read(lockInputs, inputs, 'inputs');
    const rule = {
      start: parseDate(text(rules.lockStart, 'lockStart')),
      end: parseDate(text(rules.lockEnd, 'lockEnd')),
      graceDays: number(rules.graceDays ?? 0, 'graceDays'),
    };
    return isLocked(parseDate(entryDate), parseDate(now), rule, { always: fullOverride, inGrace: graceOverride });
  },
  relock: (context) => {
    const once = lockDays(new Set(), lockedWeek(context), maxDates(context));
    const again = lockDays(once.locked, lockedWeek(context), maxDates(context));
    return again.outcome === 'unchanged' ? STATUS(again) : again.outcome;
  },
  unlockInApproved: (context) => STATUS(unlockApproved(context)),
  partial: (context) => unlockApproved(context).locked.size < lockedWeek(context).length,
  'minus*h': (context, _, key) => isAccepted(context, -hours(Number(/\d+/.exec(key)?.[0]), key)),
  'plus*h': (context, _, key) => isAccepted(context, hours(Number(/\d+/.exec(key)?.[0]), key)),
  future: (context) => isAccepted(context, 3600),
  lockedDay: (context) => isAccepted(context, 0, true),
};

function lockedWeek({ setup }: CaseContext): number[] {
  return Array.from({ length: 7 }, (_, index) => setup.today + index);
}

/** Unlocks a week of which one day is in an approved period. */
function unlockApproved(context: CaseContext): LockOutcome {
  const week = lockedWeek(context);
  return unlockDays(new Set(week), week, (day) => day === week[3], maxDates(context));
}

function maxDates({ given }: CaseContext): number {
  return given.rules.maxDatesPerCall === undefined ? Infinity : number(given.rules.maxDatesPerCall, 'maxDatesPerCall');
}

/** Whether an interactive source may date a punch `shift` seconds from now. */
function isAccepted({ given, setup }: CaseContext, shift: number, locked = false): boolean {
  const { now, zone } = setup;
  const lookBackSeconds =
    given.rules.lookBackHours === undefined ? null : hours(given.rules.lookBackHours, 'lookBackHours');
  const limits = { lookBackSeconds, futureSeconds: 0, isLocked: () => locked };
  return refuseDating(now + shift, zone.dayOf(now + shift), now, limits) === null;
}

import { z } from 'zod';
import type { DayRecord } from '../../../../src/attendance/rules/day/record';
import { formatDate, parseDate, SECONDS_PER_DAY, weekdayOf } from '../../../../src/attendance/rules/time/calendar';
import { parseInstant, type Instant } from '../../../../src/attendance/rules/time/instant';
import { parseTime } from '../../../../src/attendance/rules/time/local-time';
import { read, Unsupported } from '../case';
import { toHours, toMinutes, type CaseContext, type Observers } from '../context';
import { statusOf } from './days';

/** What depends on when one asks, or on which of several days: asked by a word as a status, by a number as hours. */
export const SPAN_OBSERVERS: Observers = {
  statusBeforeWatermark: (context) => statusWith(context, watermarkOf(context) - 1),
  statusAtWatermark: (context) => statusWith(context, watermarkOf(context)),
  statusAfterWatermark: (context) => statusWith(context, watermarkOf(context) + 1),
  wallClockDifferenceMinutes: (context) => {
    const { zone } = context.setup;
    const [first, last] = [context.instants()[0], context.instants().at(-1)];
    if (first === undefined || last === undefined) throw new Unsupported('a difference without punches');
    return toMinutes(zone.localSeconds(last) - zone.localSeconds(first));
  },
  sameDay: (context, wanted) => seenFrom(context, wanted, 0),
  nextDay: (context, wanted) => seenFrom(context, wanted, 1),
  workday: (context, wanted) => onDays(context, wanted, true),
  nonWorkday: (context, wanted) => onDays(context, wanted, false),
  excusedSegments: (context, wanted) => {
    const segments = context.result.days.flatMap((day) => day.segments).filter((each) => each.excused);
    return Array.isArray(wanted) ? segments.map((each) => each.index + 1) : segments.length;
  },
};

/** What the case says, as an instant or a time on day D; without that, the exact end of the shift's window. */
function watermarkOf({ given, setup }: CaseContext): Instant {
  const told = given.inputs.watermark ?? given.rules.watermark;
  if (told === undefined) {
    const shift = setup.shifts.find((each) => each.day === setup.today);
    if (!shift) throw new Unsupported('a watermark without a shift');
    return shift.windowEnd;
  }
  const text = read(z.string(), told, 'watermark');
  if (text.includes('T')) return parseInstant(text);
  return setup.zone.resolve(setup.today * SECONDS_PER_DAY + parseTime(text)).later;
}

function statusWith(context: CaseContext, watermark: Instant): string | null {
  const { days } = context.compute({ watermark });
  return statusOf(days.find((day) => day.date === formatDate(context.setup.today)));
}

/** A number: hours that day D, or the one behind it, owns. A status or a yes to "absent": what day D is at the end of that day. */
function seenFrom(context: CaseContext, wanted: unknown, offset: number): unknown {
  const { zone, today } = context.setup;
  if (typeof wanted === 'number') {
    const day = context.result.days.find((each) => each.date === formatDate(today + offset));
    return toHours(day?.payableSeconds ?? 0);
  }
  const { days } = context.compute({ now: zone.dayStart(today + offset + 1) - 1 });
  const status = statusOf(days.find((day) => day.date === formatDate(today)));
  return typeof wanted === 'boolean' ? status === 'ABSENT' : status;
}

/** Days with a shift, or without one; where nobody has a shift, Monday to Friday, or the weekend. */
function onDays(context: CaseContext, wanted: unknown, isWorkday: boolean): unknown {
  const { shifts, policy } = context.setup;
  const planned = new Set(shifts.map((shift) => formatDate(shift.day)));
  const belongs = (day: DayRecord) =>
    (planned.size > 0 ? planned.has(day.date) : ![0, 6].includes(weekdayOf(parseDate(day.date)))) === isWorkday;
  const days = context.result.days.filter(belongs);
  if (typeof wanted !== 'number') return statusOf(days[0]);
  const beyond = policy.overtime.daily.length + policy.overtime.weekly.length > 0;
  const seconds = (day: DayRecord) =>
    policy.premiums.length > 0
      ? day.premiumSeconds
      : beyond
        ? day.overtimeSeconds + day.doubleTimeSeconds
        : day.payableSeconds;
  return toHours(days.reduce((sum, day) => sum + seconds(day), 0));
}

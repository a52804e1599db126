import { formatDate, parseDate } from '../../../../src/attendance/rules/time/calendar';
import { formatInstant } from '../../../../src/attendance/rules/time/instant';
import { text, Unsupported } from '../case';
import { toHours, type CaseContext, type Observers } from '../context';
import { instantText } from './form';

/** The instants of shifts and of local times. */
export const SHIFT_OBSERVERS: Observers = {
  startUtc: (context) => instantText(shiftOf(context)?.start),
  endUtc: (context) => instantText(shiftOf(context)?.end),
  scheduledHours: (context) => {
    const shift = shiftOf(context);
    return shift ? toHours(shift.end - shift.start) : null;
  },
  review: (context, wanted) => {
    const review = shiftOf(context)?.review ?? null;
    return typeof wanted === 'boolean' ? review !== null : review;
  },
  outcome: (context) => (shiftOf(context)?.review ? 'REVIEW' : 'OK'),
  shiftStart: (context) => shiftOf(context)?.localStart,
  shiftEnd: (context) => shiftOf(context)?.localEnd,
  windowStart: (context) => localText(context, shiftOf(context)?.windowStart),
  windowEnd: (context) => localText(context, shiftOf(context)?.windowEnd),
  'dayStartOf_*_*_*': ({ setup }, _, key) =>
    formatInstant(setup.zone.dayStart(parseDate(key.replace('dayStartOf_', '').replaceAll('_', '-')))),
  importWithoutOffset: async (context) => {
    // `reject|earlier|later` lists what a source may choose; the first is the default, and the only one that the server offers.
    const choice = text(context.given.rules.ambiguous ?? 'reject', 'ambiguous').split('|')[0];
    if (choice !== 'reject') throw new Unsupported(`ambiguous: ${String(choice)}`);
    const { zone, punches } = context.setup;
    const { tenant, employee } = await context.stage();
    const local = zone.localText(punches[0]?.at ?? 0);
    const csvText = `employeeNumber,type,timestamp\n${employee.number},in,${local}\n`;
    const looked = await tenant.admin.api.post('/api/attendance/import/preview', { csvText });
    const [fault] = (looked.body as { errors: { code: string }[] }).errors;
    return fault?.code.toUpperCase() ?? null;
  },
};

function shiftOf({ setup, result }: CaseContext) {
  const first = result.attributions[0];
  const used = setup.shifts.find((shift) => shift.id === first?.shift && formatDate(shift.day) === first.date);
  return used ?? setup.shifts.find((shift) => shift.day === setup.today);
}

function localText({ setup }: CaseContext, instant: number | undefined): string | undefined {
  return instant === undefined ? undefined : setup.zone.localText(instant);
}

import { formatInstant } from '../../time/instant';
import type { DayRecord } from '../../day/record';
import { roundInstant } from '../../day/rounding';
import { formatDate, parseDate } from '../../time/calendar';
import { acceptPunches } from '../../punches/accept';
import { presenceAt, resolveToggle } from '../../punches/presence';
import { resolveLocal } from '../../files/dialects';
import { RuleError } from '../../errors';
import { number, text, Unsupported } from '../case';
import { toHours, toMinutes, type CaseContext, type Observers } from '../context';
import { likeWanted, oneOrList } from './form';

/** Keys that mean the same in every category: worked time, dates, instants, attribution. */
export const DAY_OBSERVERS: Observers = {
  workedHours: (context) => toHours(context.sum((day) => day.workedSeconds)),
  workedMinutes: (context) => toMinutes(context.sum((day) => day.workedSeconds)),
  workedSeconds: (context) => context.sum((day) => day.workedSeconds),
  paidHours: (context) => toHours(context.sum((day) => day.payableSeconds)),
  hours: (context, wanted) =>
    Array.isArray(wanted) ? hoursByStretch(context) : toHours(context.sum((day) => day.workedSeconds)),
  status: (context) => statusOf(context.day),
  perDay: ({ result }) => perDay(result.days),
  final: ({ result }) => perDay(result.days),
  afterFirstPair: (context) => perDay(context.compute({ punches: context.setup.punches.slice(0, 2) }).days),
  'day*': (context, wanted, key) => dayFacts(context.days[Number(key.slice(3)) - 1], wanted),
  in: ({ day, setup }, wanted) =>
    day?.firstIn == null
      ? null
      : likeWanted(roundInstant(day.firstIn, setup.policy.roundIn, setup.zone), wanted, setup.zone),
  out: ({ day, setup }, wanted) =>
    day?.lastOut == null
      ? null
      : likeWanted(roundInstant(day.lastOut, setup.policy.roundOut, setup.zone), wanted, setup.zone),
  rounded: ({ setup }, wanted) => {
    const { zone, policy } = setup;
    const rounded = setup.punches.map(({ at, type }, index) => {
      const isIn = type === 'in' || type === 'break_end';
      const form = Array.isArray(wanted) ? (wanted as unknown[])[index] : wanted;
      return likeWanted(roundInstant(at, isIn ? policy.roundIn : policy.roundOut, zone), form, zone);
    });
    return oneOrList(rounded, wanted);
  },
  intervals: (context) => context.days.reduce((sum, day) => sum + day.presence.length, 0),
  unpaired: (context) => unpairedOf(context),
  anomalies: (context) => context.days.flatMap((day) => day.exceptions.map((each) => each.code)).filter(isAnomaly),
  accepted: (context, wanted) =>
    typeof wanted === 'boolean'
      ? unpairedOf(context) === 0
      : acceptances(context).filter((each) => each.outcome === 'accepted').length,
  duplicates: (context) => acceptances(context).filter((each) => each.outcome === 'duplicate').length,
  secondResponse: (context) => {
    const [first, second] = acceptances(context);
    const same = first !== undefined && first.id === second?.id;
    return `${same ? 'same' : 'another'} punch id, duplicate=${second?.outcome === 'duplicate'}`;
  },
  workDate: (context, wanted) => {
    const dates = context.setup.punches.map((punch) => attributionOf(context, punch.id)?.date ?? null);
    return oneOrList(dates, wanted);
  },
  attributed: (context, wanted) =>
    oneOrList(
      context.setup.punches.map((punch) => attributionOf(context, punch.id)?.shift != null),
      wanted,
    ),
  shift: (context, wanted) =>
    oneOrList(
      context.setup.punches.map((punch) => Number(attributionOf(context, punch.id)?.shift ?? 0)),
      wanted,
    ),
  shifts: ({ result }) => new Set(result.attributions.map((each) => each.stretch)).size,
  resolvedType: ({ setup }) => {
    const before = setup.punches.slice(0, -1);
    const last = setup.punches.at(-1);
    return last ? resolveToggle(before, last.at, setup.policy.maxShiftSeconds).toUpperCase() : null;
  },
  openShiftDate: (context) => {
    const last = Math.max(...context.instants());
    const { state, since } = presenceAt(context.setup.punches, last, context.setup.policy.maxShiftSeconds);
    return state === 'in' && since !== null ? formatDate(context.setup.zone.dayOf(since)) : null;
  },
  inUtc: ({ setup }) => instantText(setup.punches[0]?.at),
  outUtc: ({ setup }) => instantText(setup.punches.at(-1)?.at),
  utc: (context) => context.instants().map(formatInstant),
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
  importWithoutOffset: (context) => {
    const { zone, punches } = context.setup;
    // `reject|earlier|later` lists what a tenant may choose; the first is the default.
    const [choice] = text(context.given.rules.ambiguous ?? 'reject', 'ambiguous').split('|');
    if (choice !== 'reject' && choice !== 'earlier' && choice !== 'later')
      throw new Unsupported(`ambiguous: ${String(choice)}`);
    try {
      return formatInstant(resolveLocal(zone.localSeconds(punches[0]?.at ?? 0), zone, choice));
    } catch (fault) {
      if (fault instanceof RuleError) return fault.fault;
      throw fault;
    }
  },
};

/** UNDECIDED is written `null` by the cases: nothing is said about the day yet. */
export function statusOf(day: DayRecord | undefined): string | null {
  return !day || day.status === 'UNDECIDED' ? null : day.status;
}

const ANOMALIES = new Set([
  'ORPHAN_OUT',
  'DOUBLE_IN',
  'MISSING_OUT',
  'MISSING_IN',
  'MISSING_BREAK_END',
  'ORPHAN_BREAK',
]);
const isAnomaly = (code: string) => ANOMALIES.has(code);

function perDay(days: readonly DayRecord[]): Record<string, number> {
  const worked = days.filter((day) => day.payableSeconds > 0);
  return Object.fromEntries(worked.map((day) => [day.date, toHours(day.payableSeconds)]));
}

/** Each stretch of work by itself, in order. */
function hoursByStretch({ days, result, setup }: CaseContext): number[] {
  const stretchAt = new Map(
    result.attributions.map((each) => [setup.punches.find((punch) => punch.id === each.punchId)?.at, each.stretch]),
  );
  const hours = new Map<number, number>();
  for (const { start, end } of days.flatMap((day) => day.presence)) {
    const stretch = stretchAt.get(start) ?? 0;
    hours.set(stretch, (hours.get(stretch) ?? 0) + toHours(end - start));
  }
  return [...hours.values()];
}

function dayFacts(day: DayRecord | undefined, wanted: unknown): unknown {
  const facts: Record<string, unknown> = {
    date: day?.date,
    status: statusOf(day),
    workedHours: toHours(day?.workedSeconds ?? 0),
    workedMinutes: toMinutes(day?.workedSeconds ?? 0),
    overtimeHours: toHours((day?.overtimeSeconds ?? 0) + (day?.doubleTimeSeconds ?? 0)),
  };
  const keys = Object.keys(Object(wanted) as object);
  const unknown = keys.find((key) => !(key in facts));
  if (unknown !== undefined) throw new Unsupported(`expected day fact ${unknown}`);
  return Object.fromEntries(keys.map((key) => [key, facts[key]]));
}

function attributionOf(context: CaseContext, id: string) {
  return context.result.attributions.find((each) => each.punchId === id);
}

/** In and out punches that ended up in no interval. */
function unpairedOf(context: CaseContext): number {
  const pairs = context.days.reduce((sum, day) => sum + day.presence.length, 0);
  const ends = context.setup.punches.filter((punch) => !punch.type.startsWith('break')).length;
  return ends - context.result.duplicates.length - 2 * pairs;
}

function acceptances({ given, setup }: CaseContext) {
  const minimum = given.rules.minIntervalSeconds;
  return acceptPunches(setup.punches, minimum === undefined ? 0 : number(minimum, 'minIntervalSeconds'));
}

function shiftOf({ setup, result }: CaseContext) {
  const first = result.attributions[0];
  const used = setup.shifts.find((shift) => shift.id === first?.shift && formatDate(shift.day) === first.date);
  return used ?? setup.shifts.find((shift) => shift.day === setup.today);
}

function localText({ setup }: CaseContext, instant: number | undefined): string | undefined {
  return instant === undefined ? undefined : setup.zone.localText(instant);
}

function instantText(instant: number | undefined): string | null {
  return instant === undefined ? null : formatInstant(instant);
}

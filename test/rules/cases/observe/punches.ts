import { acceptPunches } from '../../../../src/attendance/rules/punches/accept';
import { presenceAt, resolveToggle } from '../../../../src/attendance/rules/punches/presence';
import { formatDate } from '../../../../src/attendance/rules/time/calendar';
import { formatInstant } from '../../../../src/attendance/rules/time/instant';
import { number } from '../case';
import type { CaseContext, Observers } from '../context';
import { instantText, oneOrList } from './form';

/** What became of single punches: stored or not, paired or not, and whose they are. */
export const PUNCH_OBSERVERS: Observers = {
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
};

const ANOMALIES = new Set([
  'ORPHAN_OUT',
  'DOUBLE_IN',
  'MISSING_OUT',
  'MISSING_IN',
  'MISSING_BREAK_END',
  'ORPHAN_BREAK',
]);
const isAnomaly = (code: string) => ANOMALIES.has(code);

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

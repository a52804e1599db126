import { step } from '../../../../src/attendance/punches/presence';
import { formatDate } from '../../../../src/attendance/rules/time/calendar';
import { formatInstant } from '../../../../src/attendance/rules/time/instant';
import { Unsupported } from '../case';
import type { CaseContext, Observers } from '../context';
import { ACCEPTANCE_OBSERVERS } from './acceptance';
import { instantText, oneOrList } from './form';

/** What became of single punches: stored or not, paired or not, and whose they are. */
export const PUNCH_OBSERVERS: Observers = {
  ...ACCEPTANCE_OBSERVERS,
  intervals: (context) => context.days.reduce((sum, day) => sum + day.presence.length, 0),
  unpaired: (context) => unpairedOf(context),
  anomalies: (context) => context.days.flatMap((day) => day.exceptions.map((each) => each.code)).filter(isAnomaly),
  accepted: (context, wanted, key) =>
    typeof wanted === 'boolean' ? unpairedOf(context) === 0 : ACCEPTANCE_OBSERVERS.accepted?.(context, wanted, key),
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
  resolvedType: (context) => toggled(context).toUpperCase(),
  openShiftDate: (context) => {
    const at = context.setup.punches.at(-1)?.at;
    return toggled(context) === 'in' && at !== undefined ? formatDate(context.setup.zone.dayOf(at)) : null;
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

/** What the last punch, a toggle, can only be: the way that the state machine of the server allows after the one before it. */
function toggled({ setup }: CaseContext): 'in' | 'out' {
  const [previous, last] = setup.punches.slice(-2);
  if (!previous || !last) throw new Unsupported('a toggle without a punch before it');
  const timeoutMs = setup.policy.maxShiftSeconds * 1000;
  const before = { type: previous.type, at: new Date(previous.at * 1000) };
  return step('in', new Date(last.at * 1000), before, timeoutMs).legal ? 'in' : 'out';
}

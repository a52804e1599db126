import type { Policy } from '../policy';
import { formatDate, weekStartOf, type DayNumber } from '../time/calendar';
import type { Interval } from '../time/interval';
import type { Zone } from '../time/zone';
import type { DayDraft } from './draft';
import type { DayException } from './exception';
import { isDecided, type Horizon } from './findings';

interface DatedPresence extends Interval {
  readonly day: DayNumber;
}

/** Rest periods that are too short, by the date of the exception. They depend on the days around a day. */
export function findShortRests(
  drafts: readonly DayDraft[],
  policy: Policy,
  zone: Zone,
  horizon: Horizon,
): ReadonlyMap<DayNumber, readonly DayException[]> {
  const found = new Map<DayNumber, DayException[]>();
  const { minDailyRestSeconds, minWeeklyRestSeconds } = policy;
  if (minDailyRestSeconds === null && minWeeklyRestSeconds === null) return found;
  const presence = drafts
    .flatMap(({ day, works }) => works.flatMap((work) => work.pairing.presence.map((each) => ({ day, ...each }))))
    .sort((a, b) => a.start - b.start);
  const add = (day: DayNumber, exception: DayException) => found.set(day, [...(found.get(day) ?? []), exception]);
  if (minDailyRestSeconds !== null) daily(presence, minDailyRestSeconds, add);
  if (minWeeklyRestSeconds !== null) weekly(presence, minWeeklyRestSeconds, policy, zone, horizon, add);
  return found;
}

type Add = (day: DayNumber, exception: DayException) => void;

/** Less than `minimum` elapsed seconds between the work of one date and that of the next; it shows on the later one. */
function daily(presence: readonly DatedPresence[], minimum: number, add: Add): void {
  for (const [index, next] of presence.entries()) {
    const before = presence[index - 1];
    const seconds = before ? next.start - before.end : Infinity;
    if (!before || before.day === next.day || seconds >= minimum) continue;
    add(next.day, { code: 'SHORT_REST', anchor: formatDate(before.day), at: next.start, seconds, state: 'open' });
  }
}

/**
 * A workweek in which no rest of at least `minimum` seconds begins; it shows on the last date of it with work. A rest
 * belongs to the week in which it begins, however far it reaches; one that still lasts may yet be long enough.
 */
function weekly(
  presence: readonly DatedPresence[],
  minimum: number,
  { overtime }: Policy,
  zone: Zone,
  horizon: Horizon,
  add: Add,
): void {
  const longest = new Map<DayNumber, { seconds: number; last: DatedPresence }>();
  for (const [index, each] of presence.entries()) {
    const week = weekStartOf(zone.dayOf(each.end), overtime.weekStart);
    const rest = (presence[index + 1]?.start ?? Infinity) - each.end;
    longest.set(week, { seconds: Math.max(rest, longest.get(week)?.seconds ?? 0), last: each });
  }
  for (const [week, { seconds, last }] of longest) {
    if (seconds >= minimum || !isDecided(zone.dayStart(week + 7), horizon)) continue;
    add(last.day, { code: 'SHORT_WEEKLY_REST', anchor: formatDate(week), at: last.end, seconds, state: 'open' });
  }
}

import { FUTURE_TOLERANCE_MS } from '../punches/decide';
import { zoneNamed } from '../rules/time/zone';
import type { ToldLine } from './attlog-lines';
import type { Device } from './device';

/** What is told within this time of happening was told at once: the difference is the clock. Beyond it, it is backlog. */
export const AT_ONCE_MS = 10 * 60_000;
const HOUR_MS = 3_600_000;
/** No terminal holds what is older, and no law asks for it; clocks that have lost their power begin at 1970, 2000 or 2010. */
const OLDEST_YEARS = 10;
/** A log is written in the order of time. Half a day back (a clock set to the wrong half of the day) is no order any more. */
const SET_BACK_MS = 11 * HOUR_MS;
/** A terminal tells a punch within seconds; what is exactly a change of the clock old was told by the wrong offset. */
const AROUND_MS = 2 * 60_000;
/** Every zone that changes its clock in the course of the year does so within this time; Morocco keeps its other offset for the five weeks of Ramadan. */
const YEAR_MS = 366 * 86_400_000;
const WEEK_MS = 7 * 86_400_000;

/** Reasons of rejects that say that the time itself is in doubt, so that trying again would make a wrong punch of it. */
export const clockReasons = ['punch_in_future', 'clock_reset', 'clock_set_back', 'clock_behind'] as const;
export interface ClockDoubt {
  readonly reason: (typeof clockReasons)[number];
  readonly detail: string;
}

const remedy =
  'Set the clock right; then dismiss this line and enter the punch by hand, or try it again with clock=trusted if it was right after all.';
const doubt = (reason: ClockDoubt['reason'], what: string): ClockDoubt => ({ reason, detail: `${what} ${remedy}` });
const ahead = doubt(
  'punch_in_future',
  'The time lies more than 5 minutes in the future: the clock of the terminal is ahead.',
);
const reset = doubt(
  'clock_reset',
  `The time lies more than ${OLDEST_YEARS} years back: the clock of the terminal was reset.`,
);
const setBack = doubt('clock_set_back', 'The terminal has told later punches before: its clock was set back.');
const behind = doubt('clock_behind', 'The terminal was connected and told this too late: its clock is behind.');
const wrongOffset = doubt(
  'clock_behind',
  'The newest line of the upload is exactly a change of the clock old: the terminal shows the time of the other offset.',
);
const wrongOffsetAhead = doubt(
  'punch_in_future',
  'The newest line of the upload lies exactly a change of the clock ahead: the terminal shows the time of the other offset.',
);

/**
 * Which lines of an upload bear a time that is none, in contrast to an old backlog. A backlog is older than the present contact, in
 * the order of time, and reaches us before anything newer does. So a line is held that lies ahead, or ten years back, or far behind what
 * the terminal has told as it happened; or that it kept to itself although it was connected; or the newest line of its upload is exactly as old, or as far
 * ahead, as a change of the clock is wide: whatever else is in that upload was stamped by the same clock. `lines` in the order of the upload, `device` as it was before this call.
 */
export function clockDoubts(
  lines: readonly ToldLine[],
  device: Pick<Device, 'timeZone' | 'lastSeenAt' | 'contactSince' | 'liveAt'>,
  now: Date,
): ReadonlyMap<ToldLine, ClockDoubt> {
  const doubts = new Map<ToldLine, ClockDoubt>();
  const oldest = Date.UTC(now.getUTCFullYear() - OLDEST_YEARS, now.getUTCMonth(), now.getUTCDate());
  const keptSince = connectedSince(device, now);
  const alone = lines.length === 1;
  const otherOffset = showsOtherOffset(lines, device.timeZone, now);
  let live = alone ? (device.liveAt?.getTime() ?? -Infinity) : -Infinity;
  for (const line of lines) {
    const at = line.at.getTime();
    const age = now.getTime() - at;
    if (age < -FUTURE_TOLERANCE_MS) doubts.set(line, ahead);
    else if (at < oldest) doubts.set(line, reset);
    else if (at < live - SET_BACK_MS) doubts.set(line, setBack);
    else if (age < AT_ONCE_MS && !otherOffset) live = at;
    else if (at > keptSince) doubts.set(line, behind);
    else if (otherOffset) doubts.set(line, otherOffset);
  }
  return doubts;
}

/** From when on the terminal had nothing left to tell and was connected ever since; milliseconds, Infinity if that is not known. */
function connectedSince({ lastSeenAt, contactSince, liveAt }: Parameters<typeof clockDoubts>[1], now: Date): number {
  if (!lastSeenAt || !contactSince || !liveAt || liveAt < contactSince) return Infinity;
  return now.getTime() - lastSeenAt.getTime() < AT_ONCE_MS ? liveAt.getTime() : Infinity;
}

/** The doubt about an upload whose newest line is a change of the clock old, or as far ahead, as if it had just been stamped by the other offset. */
function showsOtherOffset(lines: readonly ToldLine[], timeZone: string, now: Date): ClockDoubt | undefined {
  const age = lines.reduce((least, { at }) => Math.min(least, now.getTime() - at.getTime()), Infinity);
  if (!changesOfClock(timeZone, now).some((change) => Math.abs(Math.abs(age) - change) < AROUND_MS)) return undefined;
  return age > 0 ? wrongOffset : wrongOffsetAhead;
}

/** By how much the offsets of a zone differ that it has within a year of now, in milliseconds; none if it never changes its clock. */
function changesOfClock(timeZone: string, now: Date): number[] {
  const zone = zoneNamed(timeZone);
  const offsets = new Set<number>();
  for (let shift = -YEAR_MS; shift <= YEAR_MS; shift += WEEK_MS)
    offsets.add(zone.offsetAt(Math.floor((now.getTime() + shift) / 1000)));
  const each = [...offsets];
  return each.flatMap((one, index) => each.slice(index + 1).map((other) => Math.abs(one - other) * 1000));
}

import { FUTURE_TOLERANCE_MS } from '../punches/decide';
import { zoneNamed } from '../rules/time/zone';
import type { ReportedLine } from './attlog-lines';
import type { Device } from './device';

/** A punch that arrives within this time was sent at once, and the difference is that of the clock. A later one is backlog. */
export const AT_ONCE_MS = 10 * 60_000;
const HOUR_MS = 3_600_000;
/**
 * A newly connected terminal brings weeks or months along. Records of working time are kept for two years (German ArbZG § 16 (2)); what is
 * older changes nobody's pay without somebody looking at it, and clocks that have lost their power begin at 1970, 2000, 2010, 2015, 2021.
 */
const OLDEST_YEARS = 2;
/** A clock without power begins anew on the first of January of some year, at midnight. */
const DEFAULT_HOURS = 6;
const DAY_MS = 24 * HOUR_MS;
/** A log is written in the order of time. Half a day back (a clock set to the wrong half of the day) is no order any more. */
const SET_BACK_MS = 11 * HOUR_MS;
/** A terminal sends a punch within seconds. One that is exactly a change of the clock late was sent with the wrong offset. */
const AROUND_MS = 2 * 60_000;
/** Every zone that changes its clock in the course of the year does so within this time; Morocco keeps its other offset for the five weeks of Ramadan. */
const YEAR_MS = 366 * DAY_MS;
const WEEK_MS = 7 * DAY_MS;

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
  `The time lies more than ${OLDEST_YEARS} years back: the clock of the terminal was reset, or its backlog is that old.`,
);
const defaultDate = doubt(
  'clock_reset',
  'The time lies in the first hours of a year, at which clocks begin after a loss of power, and nothing was sent of the day before.',
);
const setBack = doubt('clock_set_back', 'The terminal has sent later punches before: its clock was set back.');
const behind = doubt('clock_behind', 'The terminal was connected and sent this too late: its clock is behind.');
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
 * the order of time, and reaches us before anything newer does. So a line is held that lies ahead, or two years back, or where reset
 * clocks begin, or far behind what the terminal has sent as it happened; or not sent although the terminal was connected; or the
 * newest line of its upload is exactly as old, or as far ahead, as a change of the clock is wide: the rest was stamped by the same clock.
 * Two kinds of backlog come behind newer lines all the same: what happened while the terminal could not call, when somebody punches before it
 * is sent, and an upload that goes back in time from line to line, as some firmware sends it; a clock that was reset goes on from there.
 * `lines` in the order of the upload, `device` as it was before this call. `onRecord`: those of the lines that are punches already; a
 * terminal that sends its past again may bring what was left out of it before.
 */
export function clockDoubts(
  lines: readonly ReportedLine[],
  device: Pick<Device, 'timeZone' | 'lastSeenAt' | 'contactSince' | 'liveAt' | 'away'>,
  now: Date,
  onRecord: ReadonlySet<ReportedLine>,
): ReadonlyMap<ReportedLine, ClockDoubt> {
  const doubts = new Map<ReportedLine, ClockDoubt>();
  const oldest = Date.UTC(now.getUTCFullYear() - OLDEST_YEARS, now.getUTCMonth(), now.getUTCDate());
  const connectedFrom = connectedSince(device, now);
  const otherOffset = showsOtherOffset(lines, device.timeZone, now, onRecord);
  const goesBack = isNewestFirst(lines);
  const inOrder = lines.length === 1 || (onRecord.size === 0 && connectedFrom < Infinity && !goesBack);
  let live = inOrder ? (device.liveAt?.getTime() ?? -Infinity) : -Infinity;
  const newYears = newYearsWorked(lines);
  for (const line of lines) {
    const at = line.at.getTime();
    const age = now.getTime() - at;
    if (age < -FUTURE_TOLERANCE_MS) doubts.set(line, ahead);
    else if (at < oldest) doubts.set(line, reset);
    else if (isDefaultDate(line, now) && !newYears.has(line.date)) doubts.set(line, defaultDate);
    else if (at < live - SET_BACK_MS && !wasAway(device, at)) doubts.set(line, setBack);
    else if (age < AT_ONCE_MS && !otherOffset) live = goesBack ? live : at;
    else if (at > connectedFrom) doubts.set(line, behind);
    else if (otherOffset) doubts.set(line, otherOffset);
  }
  return doubts;
}

/** Whether an upload goes back in time throughout, and not just once: a clock that is set back once goes forward behind it. */
function isNewestFirst(lines: readonly ReportedLine[]): boolean {
  let steps = 0;
  for (const [index, { at }] of lines.entries()) {
    const previous = lines[index - 1]?.at ?? at;
    if (at > previous) return false;
    if (at < previous) steps += 1;
  }
  return steps > 1;
}

/** Whether the terminal could not call at that time. */
const wasAway = ({ away }: Pick<Device, 'away'>, at: number): boolean =>
  away !== undefined && at > away.from.getTime() - AT_ONCE_MS && at < away.until.getTime() + AT_ONCE_MS;

/** Whether a line is of the first hours of a year by the clock of its terminal. One of this week is of somebody who works on that night. */
function isDefaultDate({ at, offsetMinutes, date }: ReportedLine, now: Date): boolean {
  const hours = new Date(at.getTime() + offsetMinutes * 60_000).getUTCHours();
  return date.endsWith('-01-01') && hours < DEFAULT_HOURS && now.getTime() - at.getTime() > WEEK_MS;
}

/** The first days of those years of whose last day before an upload has lines: a clock that went on over midnight was not reset. */
function newYearsWorked(lines: readonly ReportedLine[]): ReadonlySet<string> {
  const eves = lines.filter(({ date }) => date.endsWith('-12-31'));
  return new Set(eves.map(({ date }) => `${String(Number(date.slice(0, 4)) + 1).padStart(4, '0')}-01-01`));
}

/** From when on the terminal had nothing left to tell and was connected ever since; milliseconds, Infinity if that is not known. */
function connectedSince({ lastSeenAt, contactSince, liveAt }: Parameters<typeof clockDoubts>[1], now: Date): number {
  if (!lastSeenAt || !contactSince || !liveAt || liveAt < contactSince) return Infinity;
  return now.getTime() - lastSeenAt.getTime() < AT_ONCE_MS ? liveAt.getTime() : Infinity;
}

/** The doubt about an upload whose newest line is a change of the clock old, or as far ahead, as if it had just been stamped by the other offset. */
function showsOtherOffset(
  lines: readonly ReportedLine[],
  timeZone: string,
  now: Date,
  onRecord: ReadonlySet<ReportedLine>,
): ClockDoubt | undefined {
  const [first, ...others] = lines;
  if (!first) return undefined;
  const newest = others.reduce((latest, line) => (line.at > latest.at ? line : latest), first);
  if (onRecord.has(newest)) return undefined;
  const age = now.getTime() - newest.at.getTime();
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

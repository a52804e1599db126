import { zoneNamed } from '../rules/time/zone';
import { type ReadLines, readLines } from './attlog-lines';
import type { Device } from './device';
import { shownBy, type AnnouncedOffset } from './announced-offsets';

/** A terminal tells a punch within seconds of it. */
const TOLD_WITHIN_MS = 2 * 60_000;

/**
 * Reads an upload by what the clock of its terminal showed, by the announced offsets. A terminal that changes its clock by itself shows the
 * time of its zone all the same: if the last line has only just happened by the zone, and not by the announced offset, the zone is right.
 * `live`: the upload comes from the terminal at this moment.
 */
export function readUpload(
  texts: readonly string[],
  device: Pick<Device, 'timeZone' | 'states'>,
  offsets: readonly AnnouncedOffset[],
  { now, live }: { readonly now: Date; readonly live: boolean },
): ReadLines {
  const shown = shownBy(device.timeZone, offsets);
  const zone = zoneNamed(device.timeZone);
  const byAnnounced = readLines(texts, device, shown, now);
  const instant = Math.floor(now.getTime() / 1000);
  if (!live || shown.offsetAt(instant) === zone.offsetAt(instant) || hasJustHappened(byAnnounced, now))
    return byAnnounced;
  const byZone = readLines(texts, device, zone, now);
  return hasJustHappened(byZone, now) ? byZone : byAnnounced;
}

function hasJustHappened({ lines }: ReadLines, now: Date): boolean {
  const last = lines.at(-1);
  return last !== undefined && Math.abs(now.getTime() - last.at.getTime()) < TOLD_WITHIN_MS;
}

import type { Policy } from '../policy';
import type { ShiftInstance } from '../shifts/shift';
import { parseDate, weekStartOf } from '../time/calendar';
import type { Instant } from '../time/instant';
import type { Zone } from '../time/zone';
import type { DayRecord } from './record';

/**
 * The next instant at which time alone may change a day: a window closes, somebody becomes late, a forgotten punch out is
 * certain. `null` when nothing of it depends on the clock any more. It may come too early (then nothing changes), never too late.
 * `shifts` are those of the day.
 */
export function nextDecision(
  day: DayRecord,
  shifts: readonly ShiftInstance[],
  policy: Policy,
  zone: Zone,
  now: Instant,
): Instant | null {
  let next = Infinity;
  const at = (instant: Instant) => {
    if (instant > now && instant < next) next = instant;
  };
  // Windows include their last second: see isDecided.
  const after = (end: Instant) => {
    at(end + 1);
  };
  const mayTurn = day.exceptions.some((each) => each.state === 'premature');
  for (const shift of shifts) {
    // Late is strict: one second after the grace.
    if (day.firstIn === null) at(shift.start + (shift.lateGraceSeconds ?? policy.lateGraceSeconds) + 1);
    if (mayTurn || shift.segments.length > 1) for (const segment of shift.segments) after(segment.end);
    after(shift.windowEnd);
    after(shift.windowEnd + policy.absentAfterSeconds);
  }
  for (const { state, at: since } of day.exceptions) if (state === 'premature') after(since + policy.maxShiftSeconds);
  if (policy.minWeeklyRestSeconds !== null && day.lastOut !== null) {
    const ended = Math.max(parseDate(day.date), zone.dayOf(day.lastOut));
    after(zone.dayStart(weekStartOf(ended, policy.overtime.weekStart) + 7));
  }
  return Number.isFinite(next) ? next : null;
}

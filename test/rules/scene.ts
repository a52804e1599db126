import type { DayRecord } from '../../src/attendance/rules/day/record';
import { computeAttendance } from '../../src/attendance/rules/engine';
import { definePolicy, type Policy } from '../../src/attendance/rules/policy';
import type { PunchType } from '../../src/attendance/rules/punches/punch';
import { materialise } from '../../src/attendance/rules/shifts/shift';
import { parseDate } from '../../src/attendance/rules/time/calendar';
import { zoneNamed } from '../../src/attendance/rules/time/zone';

export const zone = zoneNamed('Europe/Berlin');
const day = parseDate('2026-11-20');
export const MINUTE = 60;

/** The rules and the plan of the day. */
export interface Given {
  readonly policy?: Partial<Policy>;
  readonly segments?: readonly string[];
  readonly breakMinutes?: number;
}

/** A Friday of one person, its punches in minutes of the day. */
export function worked(punches: readonly (readonly [PunchType, number])[], given: Given = {}): DayRecord {
  const { segments, breakMinutes = 0, policy = {} } = given;
  const window = { windowBeforeSeconds: 3600, windowAfterSeconds: 3600 };
  const shift = segments && { id: 'shift', segments, breakSeconds: breakMinutes * MINUTE, ...window };
  const { days } = computeAttendance({
    zone,
    punches: punches.map(([type, minute], seq) => ({
      id: `p${seq}`,
      seq,
      type,
      at: zone.dayStart(day) + Math.round(minute * MINUTE),
    })),
    shifts: shift ? [materialise(shift, day, zone)] : [],
    policy: definePolicy(policy),
    from: day,
    to: day,
    now: zone.dayStart(day + 3),
  });
  const [record] = days;
  if (!record) throw new Error('no day');
  return record;
}

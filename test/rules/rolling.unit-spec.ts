import { computeAttendance } from '../../src/attendance/rules/engine';
import { US_CALIFORNIA, type OvertimeRules } from '../../src/attendance/rules/overtime/rules';
import { definePolicy } from '../../src/attendance/rules/policy';
import { parseDate } from '../../src/attendance/rules/time/calendar';
import { zoneNamed } from '../../src/attendance/rules/time/zone';

const zone = zoneNamed('America/Los_Angeles');
const HOUR = 3600;
/** A Wednesday; Californian workweeks begin on Sunday. */
const first = parseDate('2026-07-01');
const rolling: OvertimeRules = {
  ...US_CALIFORNIA,
  id: 'rolling',
  daily: [],
  weekly: [],
  seventhDay: { days: 7, scope: 'rolling', tiers: [{ afterSeconds: 8 * HOUR, rate: 2 }] },
};

/** Hours at each rate of twelve-hour days in a row; `without` are days off, counted from 0. */
function rates(days: number, overtime: OvertimeRules, without: readonly number[] = []) {
  const worked = Array.from({ length: days }, (_, index) => index).filter((index) => !without.includes(index));
  const punches = worked.flatMap((index) => [
    { id: `in ${index}`, seq: 2 * index, type: 'in' as const, at: zone.dayStart(first + index) + 8 * HOUR },
    { id: `out ${index}`, seq: 2 * index + 1, type: 'out' as const, at: zone.dayStart(first + index) + 20 * HOUR },
  ]);
  const result = computeAttendance({
    zone,
    punches,
    shifts: [],
    policy: definePolicy({ overtime }),
    from: first,
    to: first + days - 1,
    now: zone.dayStart(first + days + 3),
  });
  return result.days.map((day) => day.doubleTimeSeconds / HOUR);
}

describe('seven or more days in a row', () => {
  it('OT-TT-02: rolling, the eighth day of twelve hours is paid like the seventh, and so is the fifteenth', () => {
    expect(rates(15, rolling)).toEqual([0, 0, 0, 0, 0, 0, 4, 4, 4, 4, 4, 4, 4, 4, 4]);
  });

  it('a day off begins a new run', () => {
    expect(rates(15, rolling, [7])).toEqual([0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 4]);
  });

  it('OT-CA-11: in the workweek form the run ends with its week', () => {
    const california = {
      ...rolling,
      seventhDay: { days: 7, scope: 'workweek' as const, tiers: [{ afterSeconds: 8 * HOUR, rate: 2 }] },
    };
    // Wednesday to Saturday, a whole workweek, and the Sunday after it.
    expect(rates(12, california)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0]);
  });
});

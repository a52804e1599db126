import * as fc from 'fast-check';
import type { AttendanceInput } from '../../src/attendance/rules/input';
import { US_CALIFORNIA, US_FLSA, type OvertimeRules } from '../../src/attendance/rules/overtime/rules';
import { definePolicy } from '../../src/attendance/rules/policy';
import type { PunchEvent } from '../../src/attendance/rules/punches/punch';
import { materialise } from '../../src/attendance/rules/shifts/shift';
import { parseDate } from '../../src/attendance/rules/time/calendar';
import { zoneNamed } from '../../src/attendance/rules/time/zone';

/** Spans of ten days over a change of the clock, and one without. */
const places = fc.constantFrom(
  { zone: 'America/New_York', from: '2026-03-02' },
  { zone: 'Europe/Berlin', from: '2026-10-19' },
  { zone: 'Africa/Cairo', from: '2026-04-20' },
  { zone: 'Australia/Lord_Howe', from: '2026-03-30' },
  { zone: 'Asia/Kolkata', from: '2026-06-01' },
);

const stacked: OvertimeRules = {
  ...US_FLSA,
  id: 'stacked',
  counts: 'work_date',
  daily: [
    { afterSeconds: 7 * 3600, rate: 1.25, toleranceSeconds: 600 },
    { afterSeconds: 10 * 3600, rate: 2.5 },
  ],
  weekly: [
    { afterSeconds: 30 * 3600, rate: 1.5 },
    { afterSeconds: 45 * 3600, rate: 2 },
  ],
};

const rounding = fc.option(
  fc.record({
    mode: fc.constantFrom('down' as const, 'up' as const, 'nearest' as const, 'closest' as const),
    unitSeconds: fc.constantFrom(300, 600, 900, 1800),
    graceSeconds: fc.constantFrom(0, 180),
  }),
);

const policies = fc
  .record({
    dedupeSeconds: fc.constantFrom(0, 60),
    direction: fc.constantFrom('declared' as const, 'alternate' as const, 'position' as const),
    pairing: fc.constantFrom('every_pair' as const, 'first_last' as const),
    doubleIn: fc.constantFrom('keep_first' as const, 'keep_last' as const),
    contestedMargin: fc.constantFrom('later_shift' as const, 'midpoint' as const),
    unscheduled: fc.constantFrom('work' as const, 'free' as const, 'review' as const),
    assignDay: fc.constantFrom('start' as const, 'end' as const, 'most_worked' as const, 'split_midnight' as const),
    clip: fc.constantFrom('none' as const, 'schedule' as const),
    autoBreaks: fc.constantFrom([], [{ afterSeconds: 6 * 3600, seconds: 1800 }]),
    breakThresholds: fc.constantFrom('net' as const, 'gross' as const),
    minBreakSeconds: fc.constantFrom(0, 900),
    paidMeal: fc.constantFrom(null, { seconds: 1800, afterSeconds: 3600 }),
    roundIn: rounding,
    roundOut: rounding,
    roundDay: rounding,
    overtime: fc.constantFrom(US_CALIFORNIA, US_FLSA, stacked),
    premiums: fc.constantFrom(
      [],
      [{ name: 'night', window: { start: 79_200, end: 108_000 }, weekdays: [], rate: 1.75 }],
    ),
  })
  .map((settings) => definePolicy(settings));

const types = fc.constantFrom(
  'in' as const,
  'out' as const,
  'break_start' as const,
  'break_end' as const,
  'unknown' as const,
);

const shiftSets = fc.constantFrom<string[][][]>(
  [],
  [['09:00-17:00']],
  [['22:00-06:00']],
  [['08:00-12:00', '13:00-17:00']],
  [['06:00-14:00'], ['14:30-22:30']],
);

/** Ten days of one employee with anything at all punched. */
export const inputs: fc.Arbitrary<AttendanceInput> = fc
  .record({
    place: places,
    policy: policies,
    shifts: shiftSets,
    punches: fc.array(fc.record({ at: fc.integer({ min: 0, max: 10 * 86_400 }), type: types }), { maxLength: 40 }),
    seconds: fc.boolean(),
  })
  .map(({ place, policy, shifts, punches, seconds }) => {
    const zone = zoneNamed(place.zone);
    const from = parseDate(place.from);
    const start = zone.dayStart(from);
    const facts = punches.map(({ at, type }, index): PunchEvent => {
      const offset = seconds ? at : at - (at % 60);
      return { id: `p${index}`, seq: index, type, at: start + offset };
    });
    const instances = shifts.flatMap((segments, index) =>
      Array.from({ length: 11 }, (_, days) =>
        materialise(
          { id: `s${index}`, segments, windowBeforeSeconds: 3600, windowAfterSeconds: 7200 },
          from + days,
          zone,
        ),
      ),
    );
    const now = zone.dayStart(from + 13);
    return { zone, policy, punches: facts, shifts: instances, from: from - 1, to: from + 12, now };
  });

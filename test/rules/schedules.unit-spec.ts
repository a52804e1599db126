import * as fc from 'fast-check';
import { roundSeconds } from '../../src/attendance/rules/day/rounding';
import { payPeriodOf, type PayPeriodRule } from '../../src/attendance/rules/periods/pay-period';
import { checkSchedule } from '../../src/attendance/rules/shifts/checks';
import { rotate } from '../../src/attendance/rules/shifts/rotation';
import { materialise, type ShiftDefinition } from '../../src/attendance/rules/shifts/shift';
import { formatDate, parseDate } from '../../src/attendance/rules/time/calendar';
import { formatInstant, parseInstant } from '../../src/attendance/rules/time/instant';
import { intersect, subtract, totalOf, union, type Interval } from '../../src/attendance/rules/time/interval';
import { zoneNamed } from '../../src/attendance/rules/time/zone';

function definition(id: string, ...segments: string[]): ShiftDefinition {
  return { id, segments, windowBeforeSeconds: 3600, windowAfterSeconds: 3600 };
}

const BERLIN = zoneNamed('Europe/Berlin');

describe('schedules', () => {
  it('finds overlap, short rest across a change of the clock, and gaps', () => {
    const shifts = [
      materialise(definition('late', '13:00-21:00'), parseDate('2026-03-28'), BERLIN),
      materialise(definition('gap', '02:30-03:30'), parseDate('2026-03-29'), BERLIN),
      materialise(definition('early', '08:00-16:00'), parseDate('2026-03-29'), BERLIN),
      materialise(definition('extra', '15:00-17:00'), parseDate('2026-03-29'), BERLIN),
    ];
    const faults = checkSchedule(shifts, 11 * 3600).map(({ code, shift, other, seconds }) => [
      code,
      shift,
      other,
      seconds,
    ]);
    expect(faults).toEqual([
      ['SHORT_REST', 'late', 'gap', 5 * 3600],
      ['SHORT_REST', 'late', 'early', 10 * 3600],
      ['GAP', 'gap', null, 0],
      ['OVERLAP', 'early', 'extra', 3600],
    ]);
  });

  it('freezes a night shift over the repeated hour', () => {
    const shift = materialise(definition('night', '22:00-02:30'), parseDate('2026-10-24'), BERLIN);
    expect([shift.start, shift.end].map(formatInstant)).toEqual(['2026-10-24T20:00:00Z', '2026-10-25T01:30:00Z']);
  });

  it('turns a rotation as far as the assignment reaches', () => {
    const pattern = { anchor: parseDate('2026-01-01'), days: [[definition('day', '06:00-14:00')], [], []] };
    const assignment = { from: parseDate('2026-05-31'), until: parseDate('2026-06-06') };
    const span = { from: parseDate('2026-05-01'), to: parseDate('2026-06-30') };
    const dates = rotate(pattern, assignment, span, BERLIN).map((shift) => formatDate(shift.day));
    expect(dates).toEqual(['2026-05-31', '2026-06-03', '2026-06-06']);
  });
});

describe('zones', () => {
  const names = [
    'Europe/Berlin',
    'America/New_York',
    'Africa/Cairo',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Pacific/Apia',
  ];
  const when = fc.integer({ min: parseInstant('1975-01-01T00:00:00Z'), max: parseInstant('2035-01-01T00:00:00Z') });

  it('lead from an instant to the wall clock and back', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), when, (name, instant) => {
        const zone = zoneNamed(name);
        const { earlier, later, kind } = zone.resolve(zone.localSeconds(instant));
        expect(kind).not.toBe('gap');
        expect([earlier, later]).toContain(instant);
        expect(zone.dayStart(zone.dayOf(instant))).toBeLessThanOrEqual(instant);
      }),
    );
  });

  it('agree with Intl at any instant', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), when, (name, instant) => {
        const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: name, dateStyle: 'short', timeStyle: 'short' });
        expect(zoneNamed(name).localText(instant)).toBe(parts.format(instant * 1000).replace(' ', 'T'));
      }),
    );
  });

  it('know the day that Samoa left out', () => {
    expect(zoneNamed('Pacific/Apia').resolve(parseDate('2011-12-30') * 86_400 + 43_200).kind).toBe('gap');
  });
});

describe('arithmetic', () => {
  const intervals = fc
    .array(fc.tuple(fc.nat(500), fc.nat(80)), { maxLength: 12 })
    .map((pairs) => union(pairs.map(([start, length]): Interval => ({ start, end: start + length }))));

  it('splits time into what both have and what one has', () => {
    fc.assert(
      fc.property(intervals, intervals, (a, b) => {
        expect(totalOf(intersect(a, b)) + totalOf(subtract(a, b))).toBe(totalOf(a));
        expect(totalOf(union([...a, ...b]))).toBe(totalOf(a) + totalOf(subtract(b, a)));
      }),
    );
  });

  it('rounds to the grid and by less than a unit', () => {
    const modes = fc.constantFrom('down' as const, 'up' as const, 'nearest' as const, 'closest' as const);
    fc.assert(
      fc.property(fc.nat(86_400), modes, fc.constantFrom(300, 360, 600, 900), (value, mode, unitSeconds) => {
        const rounded = roundSeconds(value, { mode, unitSeconds });
        expect(rounded % unitSeconds).toBe(0);
        expect(Math.abs(rounded - value)).toBeLessThan(unitSeconds);
      }),
    );
  });

  it('cuts time into pay periods without a gap', () => {
    const rules = fc.constantFrom<PayPeriodRule>(
      { type: 'weeks', weeks: 1, anchor: 4 },
      { type: 'weeks', weeks: 2, anchor: 20_000 },
      { type: 'days_of_month', starts: [1] },
      { type: 'days_of_month', starts: [15, 31] },
    );
    fc.assert(
      fc.property(fc.integer({ min: 10_000, max: 25_000 }), rules, (day, rule) => {
        const { start, end } = payPeriodOf(day, rule);
        expect(start <= day && day <= end).toBe(true);
        expect(payPeriodOf(start, rule)).toEqual({ start, end });
        expect(payPeriodOf(end, rule)).toEqual({ start, end });
        expect(payPeriodOf(end + 1, rule).start).toBe(end + 1);
      }),
    );
  });
});

import { explainDay } from '../../src/attendance/rules/day/explain';
import { computeAttendance } from '../../src/attendance/rules/engine';
import type { AttendanceInput } from '../../src/attendance/rules/input';
import { US_CALIFORNIA } from '../../src/attendance/rules/overtime/rules';
import { definePolicy } from '../../src/attendance/rules/policy';
import type { PunchEvent, PunchType } from '../../src/attendance/rules/punches/punch';
import { materialise, type ShiftInstance } from '../../src/attendance/rules/shifts/shift';
import { parseDate } from '../../src/attendance/rules/time/calendar';
import { parseInstant } from '../../src/attendance/rules/time/instant';
import { zoneNamed, zoneOfHistory } from '../../src/attendance/rules/time/zone';

const BERLIN = zoneNamed('Europe/Berlin');

function punches(...texts: string[]): PunchEvent[] {
  return texts.map((text, index) => {
    const [type = '', at = ''] = text.split(' ');
    return { id: `p${index + 1}`, seq: index + 1, type: type as PunchType, at: parseInstant(at) };
  });
}

function shift(date: string, ...segments: string[]): ShiftInstance {
  const definition = { id: `shift of ${date}`, segments, windowBeforeSeconds: 3600, windowAfterSeconds: 3600 };
  return materialise(definition, parseDate(date), BERLIN);
}

function compute(input: Partial<AttendanceInput> & { dates: [string, string] }) {
  const { dates, ...rest } = input;
  return computeAttendance({
    zone: BERLIN,
    punches: [],
    shifts: [],
    policy: definePolicy(),
    from: parseDate(dates[0]),
    to: parseDate(dates[1]),
    now: parseInstant('2026-12-01T00:00:00Z'),
    ...rest,
  });
}

const codes = (day: { exceptions: readonly { code: string }[] } | undefined) =>
  day?.exceptions.map((each) => each.code);

describe('work days', () => {
  it('counts a night shift once, on the date it begins, with the hour that the clock repeats', () => {
    const { days } = compute({
      dates: ['2026-10-24', '2026-10-25'],
      shifts: [shift('2026-10-24', '22:00-06:00')],
      punches: punches('in 2026-10-24T21:58:00+02:00', 'out 2026-10-25T06:01:00+01:00'),
    });
    expect(days.map((day) => [day.date, day.status, day.workedSeconds])).toEqual([
      ['2026-10-24', 'PRESENT', 9 * 3600 + 180],
      ['2026-10-25', 'OFF', 0],
    ]);
  });

  it('does not let a forgotten out swallow the next shift', () => {
    const { days } = compute({
      dates: ['2026-06-01', '2026-06-02'],
      shifts: [shift('2026-06-01', '14:00-22:00'), shift('2026-06-02', '06:00-14:00')],
      punches: punches('in 2026-06-01T14:00:00+02:00', 'in 2026-06-02T06:00:00+02:00', 'out 2026-06-02T14:00:00+02:00'),
    });
    expect(days.map((day) => [day.status, day.workedSeconds])).toEqual([
      ['MISSING_OUT', 0],
      ['PRESENT', 8 * 3600],
    ]);
    expect(codes(days[0])).toEqual(['MISSING_OUT']);
    expect(codes(days[1])).toEqual([]);
  });

  it('looks at every window, however far some reach ahead of their shift', () => {
    const wide = { id: 'wide', segments: ['11:00-19:00'], windowBeforeSeconds: 3 * 3600, windowAfterSeconds: 3600 };
    const { attributions } = compute({
      dates: ['2026-06-01', '2026-06-01'],
      shifts: [shift('2026-06-01', '10:00-10:30'), materialise(wide, parseDate('2026-06-01'), BERLIN)],
      punches: punches('in 2026-06-01T08:30:00+02:00'),
    });
    expect(attributions.map((each) => each.shift)).toEqual(['wide']);
  });

  it('pays time that rounding gives to two dates once', () => {
    const quarter = (mode: 'up' | 'down') => ({ mode, unitSeconds: 900 });
    const { days, totals } = compute({
      dates: ['2026-06-01', '2026-06-02'],
      policy: definePolicy({ roundIn: quarter('down'), roundOut: quarter('up'), dedupeSeconds: 0 }),
      shifts: [shift('2026-06-01', '16:00-00:00'), shift('2026-06-02', '00:30-08:00')],
      punches: punches(
        'in 2026-06-01T16:00:00+02:00',
        'out 2026-06-02T00:07:00+02:00',
        'in 2026-06-02T00:08:00+02:00',
        'out 2026-06-02T08:00:00+02:00',
      ),
    });
    expect(days.map((day) => day.payableSeconds)).toEqual([8.25 * 3600, 7.75 * 3600]);
    expect(totals.payableSeconds).toBe(16 * 3600);
  });

  it('says nothing about absence before the window is closed and the devices have delivered', () => {
    const shifts = [shift('2026-06-01', '09:00-17:00')];
    const dates: [string, string] = ['2026-06-01', '2026-06-01'];
    const noon = compute({ dates, shifts, now: parseInstant('2026-06-01T10:00:00Z') }).days[0];
    expect([noon?.status, codes(noon)]).toEqual(['UNDECIDED', ['IN_LATE']]);
    const offline = compute({ dates, shifts, watermark: parseInstant('2026-06-01T06:00:00Z') }).days[0];
    expect(offline?.status).toBe('UNDECIDED');
    expect(compute({ dates, shifts }).days[0]?.status).toBe('ABSENT');
  });

  it('expects nobody on leave, on a holiday or out of employment', () => {
    const shifts = ['2026-06-01', '2026-06-02', '2026-06-03'].map((date) => shift(date, '09:00-17:00'));
    const { days } = compute({
      dates: ['2026-06-01', '2026-06-03'],
      shifts,
      leave: [{ day: parseDate('2026-06-01'), code: 'annual', hours: null }],
      holidays: [{ day: parseDate('2026-06-02'), name: 'Founding day' }],
      employment: { from: null, until: parseDate('2026-06-02') },
    });
    expect(days.map((day) => [day.status, codes(day)])).toEqual([
      ['LEAVE', []],
      ['HOLIDAY', []],
      ['OFF', []],
    ]);
  });

  it('expects the rest of a day of which leave covers the beginning', () => {
    const start = parseInstant('2026-06-01T09:00:00+02:00');
    const day = parseDate('2026-06-01');
    const { days } = compute({
      dates: ['2026-06-01', '2026-06-01'],
      shifts: [shift('2026-06-01', '09:00-17:00')],
      leave: [{ day, code: 'doctor', hours: { start, end: start + 7200 } }],
      punches: punches('in 2026-06-01T11:03:00+02:00', 'out 2026-06-01T17:00:00+02:00'),
    });
    expect([days[0]?.lateSeconds, codes(days[0])]).toEqual([0, []]);
  });

  it('computes with what a correction says and keeps what it replaced', () => {
    const facts = punches('in 2026-06-01T09:40:00+02:00', 'out 2026-06-01T17:00:00+02:00');
    const added: PunchEvent = {
      id: 'fix',
      seq: 9,
      type: 'in',
      at: parseInstant('2026-06-01T09:00:00+02:00'),
      supersedes: 'p1',
    };
    const rows = [...facts.map((each) => (each.id === 'p1' ? { ...each, supersededBy: 'fix' } : each)), added];
    const { days } = compute({
      dates: ['2026-06-01', '2026-06-01'],
      shifts: [shift('2026-06-01', '09:00-17:00')],
      punches: rows,
    });
    expect([days[0]?.lateSeconds, days[0]?.isAdjusted]).toEqual([0, true]);
  });

  it('finds too little rest in elapsed time', () => {
    const { days } = compute({
      dates: ['2026-03-28', '2026-03-29'],
      policy: definePolicy({ minDailyRestSeconds: 11 * 3600 }),
      punches: punches(
        'in 2026-03-28T13:00:00+01:00',
        'out 2026-03-28T21:00:00+01:00',
        'in 2026-03-29T08:00:00+02:00',
        'out 2026-03-29T12:00:00+02:00',
      ),
    });
    expect(days[1]?.exceptions.find((each) => each.code === 'SHORT_REST')?.seconds).toBe(10 * 3600);
  });

  it('finds a week without a long rest and a day that is too long', () => {
    const dates = ['01', '02', '03', '04', '05', '06', '07', '08'].map((day) => `2026-06-${day}`);
    const { days } = compute({
      dates: ['2026-06-01', '2026-06-08'],
      policy: definePolicy({ minWeeklyRestSeconds: 35 * 3600, maxDaySeconds: 8 * 3600, unscheduled: 'free' }),
      punches: punches(
        ...dates.flatMap((date, index) => [`in ${date}T08:00:00Z`, `out ${date}T${index === 2 ? '17' : '16'}:00:00Z`]),
      ),
    });
    const found = days.flatMap((day) => day.exceptions.map(({ code, seconds }) => [day.date, code, seconds / 3600]));
    expect(found).toEqual([
      ['2026-06-03', 'LONG_DAY', 1],
      ['2026-06-07', 'SHORT_WEEKLY_REST', 16],
    ]);
  });

  it('follows an employee who moved to another zone', () => {
    const move = parseInstant('2026-06-02T00:00:00Z');
    const zone = zoneOfHistory([
      { from: 0, zone: 'America/New_York' },
      { from: move, zone: 'Asia/Tokyo' },
    ]);
    const { days } = compute({
      zone,
      dates: ['2026-06-01', '2026-06-03'],
      punches: punches(
        'in 2026-06-01T12:00:00Z',
        'out 2026-06-01T20:00:00Z',
        'in 2026-06-02T16:00:00Z',
        'out 2026-06-02T23:00:00Z',
      ),
    });
    expect(days.map((day) => day.workedSeconds / 3600)).toEqual([8, 0, 7]);
  });

  it('explains a day in words', () => {
    const { days } = compute({
      dates: ['2026-06-01', '2026-06-01'],
      policy: definePolicy({ overtime: US_CALIFORNIA }),
      shifts: [shift('2026-06-01', '09:00-17:00')],
      punches: punches(
        'in 2026-06-01T09:20:00+02:00',
        'break_start 2026-06-01T12:00:00+02:00',
        'break_end 2026-06-01T12:30:00+02:00',
        'out 2026-06-01T18:50:00+02:00',
      ),
    });
    expect(days[0] && explainDay(days[0], BERLIN)).toEqual([
      'Planned: 09:00 to 17:00.',
      'Present: 09:20 to 18:50.',
      'Breaks: 12:00 to 12:30; 0 min are paid, 30 min are not.',
      'Late by 20 min.',
      'Paid: 9 h = 8 h regular + 1 h at 1.5 (overtime of the day).',
      'To settle: came late (09:20, 20 min).',
      'The day counts as: present.',
    ]);
  });
});

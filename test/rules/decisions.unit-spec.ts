import { explainDay } from '../../src/attendance/rules/day/explain';
import { nextDecision } from '../../src/attendance/rules/day/due';
import type { LeaveEntry } from '../../src/attendance/rules/day/draft';
import { computeAttendance } from '../../src/attendance/rules/engine';
import { DEFAULT_POLICY, definePolicy, type Policy } from '../../src/attendance/rules/policy';
import type { PunchType } from '../../src/attendance/rules/punches/punch';
import { materialise } from '../../src/attendance/rules/shifts/shift';
import { parseDate } from '../../src/attendance/rules/time/calendar';
import { parseRange, parseTime } from '../../src/attendance/rules/time/local-time';
import { zoneNamed } from '../../src/attendance/rules/time/zone';

const zone = zoneNamed('Asia/Shanghai');
const day = parseDate('2026-07-01');
const at = (time: string) => zone.dayStart(day) + parseTime(time);

function shift(...segments: string[]) {
  return materialise({ id: 'shift', segments, windowBeforeSeconds: 3600, windowAfterSeconds: 7200 }, day, zone);
}

interface Given {
  readonly segments?: readonly string[];
  readonly told?: string;
  readonly leave?: string | null;
  readonly policy?: Partial<Policy>;
  readonly now?: number;
  readonly watermark?: number;
}

function computed({ segments = ['09:00-12:00', '13:00-18:00'], told = '', leave, policy = {}, now, watermark }: Given) {
  const off = (hours: string): LeaveEntry['hours'] => ({
    start: at(hours.slice(0, 5)),
    end: zone.dayStart(day) + parseRange(hours).end,
  });
  const { days } = computeAttendance({
    zone,
    punches: (told === '' ? [] : told.split(', ')).map((each, seq) => {
      const [type = '', time = ''] = each.split(' ');
      return { id: `p${seq}`, seq, type: type as PunchType, at: at(time) };
    }),
    shifts: [shift(...segments)],
    policy: definePolicy(policy),
    from: day,
    to: day,
    now: now ?? zone.dayStart(day + 3),
    ...(watermark === undefined ? {} : { watermark }),
    leave: leave === undefined ? [] : [{ day, code: 'doctor', hours: leave === null ? null : off(leave) }],
  });
  const [record] = days;
  if (!record) throw new Error('no day');
  return record;
}

describe('a window', () => {
  const [close, later] = [at('20:00'), at('20:00') + 1];
  it.each<[string, number, number | undefined, string]>([
    ['is open at its last second, when a punch would still belong', close, undefined, 'UNDECIDED'],
    ['is decided one second later', later, undefined, 'ABSENT'],
    ['ABS-01: waits for the devices', zone.dayStart(day + 3), close - 1, 'UNDECIDED'],
    ['ABS-01: is undecided where they have delivered exactly to its end', zone.dayStart(day + 3), close, 'UNDECIDED'],
    ['ABS-01: is decided where they have delivered beyond it', zone.dayStart(day + 3), later, 'ABSENT'],
    ['is not decided by devices ahead of the clock', close, later, 'UNDECIDED'],
  ])('%s', (_what, now, watermark, status) => {
    expect(computed({ now, ...(watermark === undefined ? {} : { watermark }) }).status).toBe(status);
  });

  it('of an in without an out is open as long', () => {
    const told = 'in 09:00';
    expect(computed({ told, now: close }).status).toBe('OPEN');
    expect(computed({ told, now: later }).status).toBe('MISSING_OUT');
  });

  it('is looked at again when it has closed, not a second before', () => {
    const now = at('19:00');
    const shifts = [shift('09:00-18:00')];
    const open = computed({ segments: ['09:00-18:00'], told: 'in 09:00', now });
    expect(nextDecision(open, shifts, DEFAULT_POLICY, zone, now)).toBe(later);
  });
});

describe('a day that leave excuses in part', () => {
  const afternoon = 'in 12:59, out 18:02';
  it.each<[string, Given, string]>([
    ['SEG-56: in the words of punctuality', { leave: '09:00-12:00', policy: { dayStatus: 'punctuality' } }, 'ADJUSTED'],
    ['in the words of attendance', { leave: '09:00-12:00' }, 'ADJUSTED'],
    ['is not measured as a whole one', { leave: '09:00-12:00', policy: { absentBelowSeconds: 6 * 3600 } }, 'ADJUSTED'],
    ['by a part of a segment', { leave: '09:00-10:00', told: 'in 10:00, out 12:00, in 13:00, out 18:00' }, 'ADJUSTED'],
    ['not by hours outside of the plan', { leave: '19:00-20:00' }, 'PRESENT'],
    ['not without leave', {}, 'PRESENT'],
    ['not by all of the day', { leave: null }, 'PRESENT'],
    [
      'not while a punch is missing',
      { leave: '09:00-12:00', told: 'in 12:59', policy: { dayStatus: 'punctuality' } },
      'PARTIAL',
    ],
  ])('%s', (_what, given, status) => {
    expect(computed({ told: afternoon, ...given }).status).toBe(status);
  });

  it('has the worked minutes that it has without, and says what was excused', () => {
    const [whole, partly] = [computed({ told: afternoon }), computed({ told: afternoon, leave: '09:00-12:00' })];
    expect([partly.workedSeconds, partly.lateSeconds]).toEqual([whole.workedSeconds, 0]);
    expect(explainDay(partly, zone)).toEqual(
      expect.arrayContaining(['Leave: doctor, 3 h of the planned time.', 'The day counts as: adjusted.']),
    );
  });
});

import { RuleError } from '../../src/attendance/rules/errors';
import { preview } from '../../src/attendance/rules/preview/preview';
import { previewSchema } from '../../src/attendance/rules/preview/preview.schemas';

/** Monday to Friday ten hours, Sunday-start workweek. */
const californiaWeek = {
  timeZone: 'America/Los_Angeles',
  policy: { overtime: { rules: 'US-CA' }, meals: 'US-CA', lateGraceMinutes: 5 },
  shifts: [1, 2, 3, 4, 5].map((dayOfWeek) => ({ dayOfWeek, startTime: '06:00', endTime: '16:30', breakMinutes: 0 })),
  punches: ['02', '03', '04', '05', '06'].flatMap((day) => [
    { type: 'in', timestamp: `2026-03-${day}T06:00:00-08:00` },
    { type: 'break_start', timestamp: `2026-03-${day}T10:30:00-08:00` },
    { type: 'break_end', timestamp: `2026-03-${day}T11:00:00-08:00` },
    { type: 'out', timestamp: `2026-03-${day}T16:30:00-08:00` },
  ]),
  from: '2026-03-01',
  to: '2026-03-07',
};

function faultOf(request: unknown): string {
  try {
    preview(previewSchema.parse(request));
    return 'none';
  } catch (fault) {
    return fault instanceof RuleError ? fault.fault : String(fault);
  }
}

describe('a what-if', () => {
  it('answers a California week with its explanation', () => {
    const { days, exceptions, totals, weeks } = preview(previewSchema.parse(californiaWeek));
    expect(totals).toMatchObject({ payableMinutes: 3000, regularMinutes: 2400, overtimeMinutes: 600 });
    expect(weeks).toEqual([{ date: '2026-03-01', ...totals }]);
    expect(exceptions).toEqual([]);
    expect(days.map((day) => day.status)).toEqual(['OFF', ...Array<string>(5).fill('PRESENT'), 'OFF']);
    expect(days[1]?.explanation).toContain('Paid: 10 h = 8 h regular + 2 h at 1.5 (overtime of the day).');
    expect(days[1]?.explanation).toContain('20 min of paid rest are owed for 10 h of work.');
    expect(days[0]?.explanation.join()).not.toContain('paid rest');
  });

  it('reads every duration of a policy in minutes', () => {
    const { policy } = previewSchema.parse({
      ...californiaWeek,
      policy: {
        lateGraceMinutes: 7,
        unpaidWindows: ['12:00-13:00'],
        autoBreaks: [{ afterMinutes: 360, minutes: 30 }],
        roundIn: { mode: 'nearest', unitMinutes: 15 },
        overtime: { daily: [{ afterMinutes: 480, rate: 1.25, toleranceMinutes: 10 }] },
      },
    });
    expect(policy.lateGraceSeconds).toBe(420);
    expect(policy.unpaidWindows).toEqual([{ start: 43_200, end: 46_800 }]);
    expect(policy.autoBreaks).toEqual([{ afterSeconds: 21_600, seconds: 1800 }]);
    expect(policy.roundIn).toMatchObject({ unitSeconds: 900 });
    expect(policy.overtime.daily).toEqual([{ afterSeconds: 28_800, rate: 1.25, toleranceSeconds: 600 }]);
    expect(policy.dedupeSeconds).toBe(60);
  });

  it.each([
    ['UNKNOWN_TIME_ZONE', { timeZone: 'Mars/Olympus' }],
    ['END_BEFORE_START', { from: '2026-03-08' }],
    ['INVALID_DATE', { to: '2026-12-31' }],
    ['NONEXISTENT_LOCAL_TIME', { to: '2026-03-08', shifts: [{ date: '2026-03-08', segments: ['02:30-09:00'] }] }],
    [
      'OVERLAPPING_SHIFTS',
      { shifts: ['08:00-12:00', '11:00-15:00'].map((each) => ({ dayOfWeek: 1, segments: [each] })) },
    ],
    ['SHIFT_TOO_LONG', { shifts: [{ dayOfWeek: 1, segments: ['08:00-20:00', '10:00-23:00'] }] }],
    ['INVALID_TIME', { shifts: [{ dayOfWeek: 1, segments: ['08:00-25:00'] }] }],
  ])('refuses with %s', (fault, change) => {
    expect(faultOf({ ...californiaWeek, ...change })).toBe(fault);
  });

  it.each([
    [['policy'], { lateGrace: 5 }],
    [['policy', 'postShiftTailMinutes'], { postShiftTailMinutes: 400 }],
    [['policy', 'unpaidWindows', 0], { unpaidWindows: ['12:00-12:99'] }],
    [['policy', 'overtime', 'daily', 0, 'rate'], { overtime: { daily: [{ afterMinutes: 1, rate: 0.5 }] } }],
  ])('points at %j for a setting that means nothing', (path, policy) => {
    const parsed = previewSchema.safeParse({ ...californiaWeek, policy });
    expect(parsed.error?.issues.map((issue) => issue.path)).toEqual([path]);
  });
});

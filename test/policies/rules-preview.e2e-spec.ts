import { californiaWeek } from '../../src/attendance/rules/preview/example';
import { startServer, type TestServer } from '../support/server';
import type { Tenant } from '../support/world';
import { expectLinear } from '../support/cpu';

let server: TestServer;
let tenant: Tenant;
beforeAll(async () => {
  server = await startServer({ DAY_WORKER: 'off' });
  tenant = await server.world.tenant();
});
afterAll(() => server.close());

const ask = (change: Record<string, unknown> = {}) =>
  tenant.employee.api.post('/api/attendance/rules/preview', { ...californiaWeek, ...change });
const spring = { from: '2026-03-08', to: '2026-03-08', punches: [] };
const autumn = { from: '2026-11-01', to: '2026-11-01', punches: [], shifts: [] };
const leave = (date: string, startTime: string, endTime: string) => [{ date, startTime, endTime }];

describe('a what-if over HTTP', () => {
  it('answers the California week of the documentation, each hour once, with every day explained (OT-CA)', async () => {
    const reply = await ask();
    expect(reply.status).toBe(200);
    const { days, exceptions, totals, weeks } = reply.body;
    expect(totals).toEqual({
      payableMinutes: 3010,
      regularMinutes: 2400,
      overtimeMinutes: 610,
      doubleTimeMinutes: 0,
      premiumMinutes: 0,
    });
    expect(weeks).toEqual([{ date: '2026-03-01', ...totals }]);
    expect(days.map((day: { date: string }) => day.date)).toHaveLength(7);
    for (const day of days) expect(day.explanation.length).toBeGreaterThan(0);
    expect(exceptions.map(({ date, code }: Record<string, string>) => [date, code])).toEqual([
      ['2026-03-03', 'IN_LATE'],
      ['2026-03-05', 'MISSING_MEAL'],
      ['2026-03-05', 'MISSING_MEAL'],
    ]);
  });

  it('is what the document shows, body and answer', async () => {
    const { body } = await server.stranger.get('/openapi.json');
    const operation = body.paths['/api/attendance/rules/preview'].post;
    expect(operation.tags).toEqual(['work days']);
    const { RulesPreview, RulesPreviewResult } = body.components.schemas;
    expect(Object.keys(RulesPreview.properties)).toEqual(
      expect.arrayContaining(['timeZone', 'policy', 'leave', 'now']),
    );
    const reply = await tenant.employee.api.post('/api/attendance/rules/preview', RulesPreview.example);
    expect(reply.body).toEqual(RulesPreviewResult.example);
  });

  it('answers the same bytes each time, and stores nothing', async () => {
    const tables = ['audit_logs', 'punches', 'dirty_days', 'day_records', 'attendance_policies'];
    const counts = () => Promise.all(tables.map((table) => server.database.count(table)));
    const before = await counts();
    const [first, second] = [await ask(), await ask()];
    expect(second.text).toBe(first.text);
    expect(await counts()).toEqual(before);
  });

  it.each<[string, number, string, string, Record<string, unknown>]>([
    ['an unknown zone', 422, 'time_zone_unknown', '/timeZone', { timeZone: 'Mars/Olympus' }],
    ['an offset in place of a zone', 422, 'time_zone_unknown', '/timeZone', { timeZone: '+01:00' }],
    ['an end before its start', 422, 'end_before_start', '/to', { to: '2026-02-28' }],
    ['a span of 63 days', 422, 'span_too_long', '/to', { to: '2026-05-02' }],
    [
      'leave that ends before it starts',

      422,
      'end_before_start',
      '/leave/0/end',
      { leave: [{ date: '2026-03-02', start: '2026-03-02T18:00:00Z', end: '2026-03-02T17:00:00Z' }] },
    ],
    [
      'local leave that ends before it starts',

      422,
      'end_before_start',
      '/leave/0/endTime',
      { leave: leave('2026-03-02', '12:00', '12:00') },
    ],
    [
      'authorised overtime that ends before it starts',

      422,
      'end_before_start',
      '/authorisedOvertime/1/end',
      {
        authorisedOvertime: [
          { start: '2026-03-02T18:00:00Z', end: '2026-03-02T19:00:00Z' },
          { start: '2026-03-02T18:00:00Z', end: '2026-03-02T18:00:00Z' },
        ],
      },
    ],
    [
      'a shift that begins in the gap',

      422,
      'local_time_nonexistent',
      '/shifts/0/startTime',
      { ...spring, shifts: [{ date: '2026-03-08', startTime: '02:30', endTime: '09:00' }] },
    ],
    [
      'a shift that ends in the gap',

      422,
      'local_time_nonexistent',
      '/shifts/0/endTime',
      { ...spring, shifts: [{ dayOfWeek: 0, startTime: '00:30', endTime: '02:30' }] },
    ],
    [
      'a segment in the gap',

      422,
      'local_time_nonexistent',
      '/shifts/1/segments/1',
      {
        ...spring,
        shifts: [
          { dayOfWeek: 1, segments: ['08:00-12:00'] },
          { dayOfWeek: 0, segments: ['00:10-01:00', '02:10-05:00'] },
        ],
      },
    ],
    [
      'leave in the gap',

      422,
      'local_time_nonexistent',
      '/leave/0/startTime',
      { ...spring, leave: leave('2026-03-08', '02:30', '09:00') },
    ],
    [
      'leave in the repeated hour (DST-17)',

      422,
      'local_time_ambiguous',
      '/leave/0/endTime',
      { ...autumn, leave: leave('2026-11-01', '00:30', '01:30') },
    ],
    [
      'a shift of 40 hours',

      422,
      'shift_too_long',
      '/shifts/0/segments/1',
      { shifts: [{ dayOfWeek: 1, segments: ['08:00-08:00', '08:00-24:00'] }] },
    ],
    [
      'a shift that is too long, though on no date of the span',

      422,
      'shift_too_long',
      '/shifts/0/segments/1',
      { shifts: [{ date: '2027-01-01', segments: ['08:00-20:00', '10:00-23:00'] }] },
    ],
    [
      'overlapping shifts',

      409,
      'shifts_overlap',
      '/shifts/1/startTime',
      {
        shifts: [
          { dayOfWeek: 1, segments: ['08:00-12:00'] },
          { dayOfWeek: 1, startTime: '11:00', endTime: '15:00' },
        ],
      },
    ],
    [
      'a shift inside the second half of a split one',

      409,
      'shifts_overlap',
      '/shifts/2/segments/0',
      {
        shifts: [
          { dayOfWeek: 1, segments: ['08:00-10:00', '16:00-20:00'] },
          { dayOfWeek: 1, segments: ['11:00-12:00'] },
          { dayOfWeek: 1, segments: ['17:00-18:00'] },
        ],
      },
    ],
    [
      'a night shift into the early one',

      409,
      'shifts_overlap',
      '/shifts/0/startTime',
      {
        shifts: [
          { dayOfWeek: 2, startTime: '05:00', endTime: '09:00' },
          { dayOfWeek: 1, startTime: '22:00', endTime: '06:00' },
        ],
      },
    ],
    [
      'a setting that means nothing',

      422,
      'policy_invalid',
      '/policy/postShiftTailMinutes',
      { policy: { postShiftTailMinutes: 400 } },
    ],
    ['an unknown setting', 400, 'validation_failed', '/policy/lateGrace', { policy: { lateGrace: 5 } }],
    [
      'an unknown rule set',

      400,
      'validation_failed',
      '/policy/overtime/rules',
      { policy: { overtime: { rules: 'MARS' } } },
    ],
    [
      'a time that no clock shows',

      400,
      'validation_failed',
      '/shifts/0/endTime',
      { shifts: [{ dayOfWeek: 1, startTime: '08:00', endTime: '25:00' }] },
    ],
    [
      'a segment that no clock shows',

      400,
      'validation_failed',
      '/shifts/0/segments/1',
      { shifts: [{ dayOfWeek: 1, segments: ['08:00-10:00', '11:00-12:77'] }] },
    ],
    ['a date that is none', 400, 'validation_failed', '/from', { from: '2026-02-30' }],
    [
      'a year that the rules do not know',

      400,
      'validation_failed',
      '/holidays/0/date',
      { holidays: [{ date: '0020-01-01', name: 'Old' }] },
    ],
    [
      'a local time in place of an instant',

      400,
      'validation_failed',
      '/punches/0/timestamp',
      { punches: [{ type: 'in', timestamp: '2026-03-02T08:00:00' }] },
    ],
  ])('refuses %s with %i %s at %s', async (_what, status, code, pointer, change) => {
    const reply = await ask(change);
    expect([reply.status, reply.body.code, reply.body.errors?.[0]?.pointer]).toEqual([status, code, pointer]);
    expect(reply.body.detail).toMatch(/.{20}/);
  });

  it.each([
    ['OVER-01', '22:00-02:00', '21:00-23:00', 409],
    ['OVER-02', '22:00-02:00', '20:00-01:00', 409],
    ['OVER-04', '21:00-23:00', '22:00-03:00', 409],
    ['OVER-05', '20:00-01:00', '15:00-20:00', 200],
    ['OVER-07', '08:00-12:00', '11:00-15:00', 409],
    ['OVER-08', '08:00-12:00', '12:00-16:00', 200],
  ])('%s: half-open, %s and %s answer %i', async (_case, one, other, status) => {
    const shifts = [one, other].map((segment) => ({ date: '2026-03-02', segments: [segment] }));
    expect((await ask({ shifts, punches: [] })).status).toBe(status);
  });

  it('DST-20: a shift that ends in the repeated hour ends with its second half', async () => {
    const shifts = [{ date: '2026-11-01', startTime: '00:30', endTime: '01:45' }];
    expect((await ask({ ...autumn, shifts })).body.days[0].scheduledMinutes).toBe(135);
  });

  it('names all faults of a body at once', async () => {
    const reply = await ask({ from: 'x', policy: { doubleIn: 'both', postShiftTailMinutes: -1 } });
    expect(reply.body.errors.map((fault: { pointer: string }) => fault.pointer).sort()).toEqual([
      '/from',
      '/policy/doubleIn',
      '/policy/postShiftTailMinutes',
    ]);
  });

  it('answers the largest question it takes, at a cost that grows with it and not faster', async () => {
    const shifts = [0, 1, 2, 3, 4, 5, 6].flatMap((dayOfWeek) =>
      Array.from({ length: 24 }, (_, hour) => ({ dayOfWeek, segments: [`${hour}:00-${hour}:30`] })),
    );
    const punches = Array.from({ length: 2000 }, (_, n) => ({
      type: n % 2 === 0 ? 'in' : 'out',
      timestamp: new Date(Date.UTC(2026, 2, 1, 8) + n * 40 * 60_000).toISOString(),
    }));
    await expectLinear(async (count) => {
      const reply = await ask({ timeZone: 'UTC', shifts, punches: punches.slice(0, count), to: '2026-05-01' });
      expect(reply.status).toBe(200);
    }, punches.length);
    const far = ['0200-01-01T00:00:00Z', '9999-01-01T00:00:00Z'].map((timestamp) => ({ type: 'in', timestamp }));
    expect((await ask({ punches: far })).status).toBe(200);
  });
});

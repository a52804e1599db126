import { expectLinear } from '../support/cpu';
import { autumn, whatIf } from './preview-scene';

const { server, tenant, ask } = whatIf();

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

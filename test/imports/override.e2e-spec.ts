import { Days } from '../days/scene';
import { importBase as base } from './scene';
import { type Body, days, none, overriding, OverrideScene, punches } from './override-scene';

const scene = OverrideScene.forEachTest();
const { preview, imported, work, rollback, active, state, idOf } = scene;

describe('an import of days', () => {
  it('creates what is not there, completes what is there in part, and skips what is the same', async () => {
    expect((await imported(days('0001,2026-03-02,09:00,,,17:00'))).counts).toEqual({ ...none, create: 2 });
    expect((await imported(days('0001,2026-03-02,09:00,,,17:00'))).counts).toEqual({ ...none, skip: 2 });
    const more = await imported(days('0001,2026-03-02,09:00,12:00,12:30,17:00', '0001,2026-03-03,09:00,,,17:00'));
    expect(more.counts).toEqual({ ...none, create: 4, skip: 2 });
    expect(await active()).toEqual([
      'in 02 09:00',
      'break_start 02 12:00',
      'break_end 02 12:30',
      'out 02 17:00',
      'in 03 09:00',
      'out 03 17:00',
    ]);
  });

  it('leaves a day that stands otherwise, and says what stands there', async () => {
    await imported(days('0001,2026-03-02,09:00,,,17:00'));
    const before = await state();
    const { id, counts, looked } = await imported(
      days('0001,2026-03-02,09:15,,,17:00', '0001,2026-03-03,09:00,,,17:00'),
    );
    expect(counts).toEqual({ ...none, create: 2, conflict: 1 });
    expect(looked.body.errors).toEqual([
      {
        line: 2,
        column: 'date',
        value: '2026-03-02',
        code: 'day_differs',
        detail:
          'this day has in 09:00, out 17:00; import with mode override to replace the existing punches, or take the row out of the file',
      },
    ]);
    const listed = await scene.acme.admin.api.get(`${base}/batches/${id}/errors`);
    expect(listed.text).toContain('2,date,2026-03-02,day_differs');
    expect((await scene.acme.admin.api.get(`${base}/jobs/${id}`)).body).toMatchObject({
      counts: { ...none, create: 2, conflict: 1 },
      reading: { mode: 'skip' },
    });
    await rollback(id);
    expect(await state()).toEqual(before);
  });

  it('replaces a day in mode override, and a rollback restores it to the byte', async () => {
    const clock = new Days(scene.server, scene.acme);
    await imported(days('0001,2026-03-02,09:00,12:00,12:30,17:00', '0001,2026-03-03,09:00,,,17:00'));
    await clock.compute();
    const before = await state();
    const file = days('0001,2026-03-02,09:15,,,17:00', '0001,2026-03-03,09:00,,,17:00');
    const { id, counts } = await imported(overriding(file));
    expect(counts).toEqual({ ...none, update: 1, skip: 2 });
    expect(await active()).toEqual(['in 02 09:15', 'out 02 17:00', 'in 03 09:00', 'out 03 17:00']);
    const gone = await scene.server.database.sql(
      `SELECT p.type, p.version, n.type AS by, n.replaces = p.id AS replaces FROM punches p
       JOIN punches n ON n.tenant_id = p.tenant_id AND n.id = p.superseded_by
       WHERE p.tenant_id = $1 AND p.status = 'superseded' ORDER BY p.occurred_at`,
      [scene.acme.id],
    );
    expect(gone).toEqual([
      { type: 'in', version: 2, by: 'in', replaces: true },
      { type: 'break_start', version: 2, by: 'in', replaces: false },
      { type: 'break_end', version: 2, by: 'in', replaces: false },
    ]);
    await clock.compute();
    expect((await clock.day(scene.acme.employee, '2026-03-02')).body).not.toEqual({});
    const undone = await rollback(id);
    expect([undone.status, undone.body.status]).toEqual([200, 'rolled_back']);
    await clock.compute();
    expect(await state()).toEqual(before);
    const entries = await scene.server.database.sql<{ action: string; changes: any }>(
      `SELECT action, changes FROM audit_logs WHERE tenant_id = $1 AND entity_id = $2 ORDER BY id`,
      [scene.acme.id, id],
    );
    expect(entries.map(({ action }) => action)).toEqual(['create', 'rollback']);
    expect(entries[0]?.changes.after).toMatchObject({ mode: 'override', counts });
    expect((await preview(overriding(file))).body.counts).toEqual(counts);
  });

  it('knows the night before from the day: a shift past midnight is one day of its row', async () => {
    const file = days('0001,2026-03-02,22:00,,,06:00', '0001,2026-03-03,22:00,,,06:00');
    await imported(file);
    expect((await imported(overriding(file))).counts).toEqual({ ...none, skip: 4 });
    const { counts } = await imported(overriding(days('0001,2026-03-03,21:30,,,05:30')));
    expect(counts).toEqual({ ...none, update: 1 });
    expect(await active()).toEqual(['in 02 22:00', 'out 03 06:00', 'in 03 21:30', 'out 04 05:30']);
  });

  it('takes the rows of one person and day together, as time trackers write them', async () => {
    const file = days('0001,2026-03-02,09:00,,,12:00', '0001,2026-03-02,13:00,,,17:00');
    expect((await imported(file)).counts).toEqual({ ...none, create: 4 });
    expect((await imported(overriding(file))).counts).toEqual({ ...none, skip: 4 });
    const later = days('0001,2026-03-02,09:00,,,12:00', '0001,2026-03-02,13:30,,,17:00');
    expect((await imported(later)).counts).toEqual({ ...none, conflict: 2 });
    expect((await imported(overriding(later))).counts).toEqual({ ...none, update: 2 });
    expect(await active()).toEqual(['in 02 09:00', 'out 02 12:00', 'in 02 13:30', 'out 02 17:00']);
  });

  it('does not undo a correction: what was corrected or deleted since counts as told', async () => {
    await imported(days('0001,2026-03-02,09:00,12:00,12:30,17:00'));
    const id = await idOf('in', '2026-03-02T09:00:00Z');
    await scene.acme.admin.api.patch(`/api/punches/${id}`, {
      timestamp: '2026-03-02T09:05:00Z',
      reason: 'Was at the gate',
    });
    const gone = await idOf('break_end', '2026-03-02T12:30:00Z');
    await scene.acme.admin.api.delete(`/api/punches/${gone}`, { reason: 'No such break' });
    const before = await active();
    const file = days('0001,2026-03-02,09:00,12:00,12:30,17:00');
    expect((await imported(file)).counts).toEqual({ ...none, skip: 4 });
    expect((await imported(overriding(file))).counts).toEqual({ ...none, skip: 4 });
    expect(await active()).toEqual(before);
  });

  it('is the same as a job, in chunks: also of a day whose rows lie far apart', async () => {
    const dates = Array.from({ length: 1_200 }, (_, n) =>
      new Date(Date.UTC(2020, 0, 1 + n)).toISOString().slice(0, 10),
    );
    const rows = (start: string) => [
      ...dates.map((date) => `0001,${date},${start},,,12:00`),
      ...dates.map((date) => `0001,${date},13:00,,,17:00`),
    ];
    const job = async (body: Body) => {
      const looked = await preview(body);
      const { commitToken } = looked.body as { commitToken: string };
      const started = await scene.acme.admin.api.post(`${base}/commit`, { ...body, commitToken });
      expect(started.status).toBe(202);
      expect(await work()).toBe(1);
      const reply = await scene.acme.admin.api.get(`${base}/jobs/${started.body.batchId as string}`);
      expect(reply.body).toMatchObject({ status: 'completed', progress: { done: 2_400 } });
      return { id: started.body.batchId as string, counts: reply.body.counts as Record<string, number> };
    };
    const first = await job(days(...rows('09:00')));
    expect(first.counts).toEqual({ ...none, create: 4_800 });
    const before = await state();
    const second = await job(overriding(days(...rows('08:30'))));
    expect(second.counts.update).toBeGreaterThan(1_200);
    expect([second.counts.reject, second.counts.conflict]).toEqual([0, 0]);
    const standing = await active();
    expect([standing.length, standing.slice(0, 4)]).toEqual([
      4_800,
      ['in 01 08:30', 'out 01 12:00', 'in 01 13:00', 'out 01 17:00'],
    ]);
    expect((await rollback(first.id)).body).toMatchObject({ code: 'import_superseded', batchId: second.id });
    expect((await rollback(second.id)).status).toBe(202);
    await work();
    expect(await state()).toEqual(before);
    expect((await rollback(first.id)).status).toBe(200);
    expect(await active()).toEqual([]);
  });
});

describe('an import of punches', () => {
  it('finds a conflict where a punch stands that says no direction, and replaces it in mode override', async () => {
    await imported(punches('0001,unknown,2026-03-02T09:00:00Z', '0001,out,2026-03-02T17:00:00Z'));
    const before = await state();
    const file = punches(
      '0001,in,2026-03-02T09:00:00Z',
      '0001,unknown,2026-03-02T17:00:00Z',
      '0001,in,2026-03-02T17:00:00Z',
    );
    const left = await imported(file);
    expect(left.counts).toEqual({ ...none, create: 1, skip: 1, conflict: 1 });
    expect(left.looked.body.errors).toMatchObject([{ line: 2, column: 'type', value: 'in', code: 'punch_differs' }]);
    await rollback(left.id);
    const done = await imported(overriding(file));
    expect(done.counts).toEqual({ ...none, create: 1, update: 1, skip: 1 });
    expect(await active()).toEqual(['in 02 09:00', 'out 02 17:00', 'in 02 17:00']);
    expect((await imported(overriding(file))).counts).toEqual({ ...none, skip: 3 });
    await rollback(done.id);
    expect(await state()).toEqual(before);
  });

  it('binds its mode to the token', async () => {
    const file = punches('0001,in,2026-03-02T09:00:00Z');
    const { commitToken } = (await preview(file)).body as { commitToken: string };
    const reply = await scene.acme.admin.api.post(`${base}/commit`, { ...overriding(file), commitToken });
    expect([reply.status, reply.body.code]).toEqual([409, 'import_token_stale']);
  });
});

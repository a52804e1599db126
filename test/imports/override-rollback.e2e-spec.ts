import { days, none, overriding, OverrideScene, punches } from './override-scene';

const scene = OverrideScene.forEachTest();
const { imported, rollback, active, state, idOf, closeMarch } = scene;

describe('the rollback of an overriding import', () => {
  const day = '0001,2026-03-02,09:00,,,17:00';

  it('NEG-05: is refused by a correction on top of it, which is named', async () => {
    await imported(days(day));
    const { id } = await imported(overriding(days('0001,2026-03-02,09:15,,,17:00')));
    const made = await idOf('in', '2026-03-02T09:15:00Z');
    const corrected = await scene.acme.admin.api.patch(`/api/punches/${made}`, {
      timestamp: '2026-03-02T09:10:00Z',
      reason: 'Was at the gate',
    });
    const reply = await rollback(id);
    expect([reply.status, reply.body.code]).toEqual([409, 'import_superseded']);
    expect(reply.body).toMatchObject({ punchId: made, supersededBy: corrected.body.id });
    expect(reply.body).not.toHaveProperty('batchId');
    expect(await active()).toEqual(['in 02 09:10', 'out 02 17:00']);
  });

  it('is refused by a later batch on top of it, which is named, and goes in reverse order', async () => {
    const first = await imported(days(day));
    const start = await state();
    const second = await imported(overriding(days('0001,2026-03-02,09:15,,,17:00')));
    const middle = await state();
    const third = await imported(overriding(days(day)));
    expect(third.counts).toEqual({ ...none, update: 1 });
    for (const [below, above] of [
      [first, second],
      [second, third],
    ] as const) {
      const reply = await rollback(below.id);
      expect([reply.status, reply.body.code, reply.body.batchId]).toEqual([409, 'import_superseded', above.id]);
    }
    expect((await rollback(third.id)).status).toBe(200);
    expect(await state()).toEqual(middle);
    expect((await rollback(second.id)).status).toBe(200);
    expect(await state()).toEqual(start);
    expect((await rollback(first.id)).status).toBe(200);
    expect(await active()).toEqual([]);
  });

  it('is refused where what it left standing was replaced later', async () => {
    await imported(days('0001,2026-03-02,09:00,12:00,12:30,17:00'));
    const shorter = await imported(overriding(days(day)));
    const later = await imported(overriding(days('0001,2026-03-02,08:45,,,17:15')));
    expect((await rollback(shorter.id)).body).toMatchObject({ code: 'import_superseded', batchId: later.id });
  });

  it('is refused when its pay period was closed since', async () => {
    await imported(days(day));
    const { id } = await imported(overriding(days('0001,2026-03-02,09:15,,,17:00')));
    await closeMarch();
    expect((await rollback(id)).body).toMatchObject({ code: 'period_closed' });
  });
});

describe('a closed pay period', () => {
  it('is never touched: a row that would is rejected, one that adds goes into quarantine', async () => {
    await imported(days('0001,2026-03-02,09:00,,,17:00'));
    await imported(punches('0001,unknown,2026-03-04T09:00:00Z'));
    await closeMarch();
    const file = days(
      '0001,2026-03-02,09:15,,,17:00',
      '0001,2026-03-03,09:00,,,17:00',
      '0001,2026-04-01,09:00,,,17:00',
    );
    const left = await imported(file);
    expect(left.counts).toEqual({ ...none, create: 4, quarantine: 2, conflict: 1 });
    const refused = await imported(overriding(file));
    expect(refused.counts).toEqual({ ...none, skip: 4, reject: 1 });
    expect(refused.looked.body.errors).toMatchObject([{ line: 2, column: 'date', code: 'period_closed' }]);
    const punch = await imported(overriding(punches('0001,in,2026-03-04T09:00:00Z')));
    expect(punch.counts).toEqual({ ...none, reject: 1 });
    expect(punch.looked.body.errors).toMatchObject([{ line: 2, code: 'period_closed' }]);
  });

  it('nor is what was accepted from quarantine', async () => {
    await closeMarch();
    await imported(days('0001,2026-03-03,09:00,,,17:00'));
    const waiting = await scene.server.database.sql<{ id: string }>(
      `SELECT id FROM punches WHERE tenant_id = $1 AND status = 'quarantined' ORDER BY occurred_at`,
      [scene.acme.id],
    );
    for (const { id } of waiting) {
      const decided = await scene.acme.admin.api.put(`/api/punches/${id}/quarantine`, {
        status: 'accepted',
        reason: 'The terminal was offline',
      });
      expect(decided.status).toBe(200);
    }
    const { counts, looked } = await imported(overriding(days('0001,2026-03-03,09:30,,,17:00')));
    expect(counts).toEqual({ ...none, reject: 1 });
    expect(looked.body.errors).toMatchObject([{ line: 2, code: 'punch_accepted' }]);
  });
});

import { tenantForEachTest } from '../support/scene';
import type { Reply } from '../support/client';
import type { Person } from '../support/world';
import { aPeriod, close, closedMarch, codeOf, entriesOf } from './scene';

const { server, tenant: acme } = tenantForEachTest();
let anna: Person;
beforeEach(async () => {
  anna = await acme.person({});
});

const noon = '2026-03-10T12:00:00Z';
const told = (more: Record<string, unknown> = {}) => ({ employeeId: anna.id, type: 'in', timestamp: noon, ...more });
const punch = (more: Record<string, unknown> = {}, by: Person = acme.admin): Promise<Reply> =>
  by.api.post('/api/punches', told(more));
const batch = (...punches: Record<string, unknown>[]) => acme.admin.api.post('/api/punches/batch', { punches });
const decide = (id: string, status: string, by: Person = acme.approver) =>
  by.api.put(`/api/punches/${id}/quarantine`, { status, reason: 'The terminal was offline' });
const live = async (who: Person, zone: string | null) => {
  await server.database.sql('UPDATE users SET time_zone = $2 WHERE id = $1', [who.id, zone]);
};
const statusOf = async (id: string) =>
  (await server.database.sql<{ status: string }>('SELECT status FROM punches WHERE id = $1', [id]))[0]?.status;
const marksOf = (who: Person) => server.database.count('dirty_days', 'employee_id = $1', [who.id]);

describe('a punch for a closed pay period', () => {
  it.each(['api', 'kiosk', 'mobile', 'web'])('is refused at the source %s, with a pointer', async (source) => {
    await closedMarch(acme);
    const reply = await punch({ source });
    expect([codeOf(reply), reply.body.errors[0].pointer]).toEqual([[409, 'period_closed'], '/timestamp']);
    expect(await server.database.count('punches', 'tenant_id = $1', [acme.id])).toBe(0);
  });

  it('is kept in quarantine from a terminal: 201, in the ledger, and no day is touched', async () => {
    await closedMarch(acme);
    const reply = await punch({ source: 'terminal', deviceId: 'T1' });
    expect([reply.status, reply.body.status]).toEqual([201, 'quarantined']);
    expect((await acme.admin.api.get(`/api/punches/${reply.body.id}`)).body).toMatchObject({ status: 'quarantined' });
    expect((await entriesOf(server, reply))[0]?.changes.after).toMatchObject({ status: 'quarantined' });
    expect(await marksOf(anna)).toBe(0);
    const again = await punch({ source: 'terminal', deviceId: 'T1' });
    expect([again.status, again.body.id, again.body.duplicate]).toEqual([200, reply.body.id, true]);
    const list = async (status: string) =>
      (await acme.admin.api.get('/api/punches', { query: { status } })).body.data.map(
        (p: { id: string }) => p.id,
      ) as string[];
    expect([await list('quarantined'), await list('active')]).toEqual([[reply.body.id], []]);
  });

  it('is kept in quarantine from a batch, one by one, and told twice it is one punch', async () => {
    await closedMarch(acme);
    const rows = [told(), told(), told({ type: 'out', timestamp: '2026-04-01T12:00:00Z' })];
    const first = await batch(...rows);
    expect(first.body.counts).toEqual({ created: 2, duplicate: 1, refused: 0 });
    expect(first.body.results.map(({ quarantined }: { quarantined?: true }) => quarantined)).toEqual([
      true,
      true,
      undefined,
    ]);
    const second = await batch(...rows);
    expect(second.body.counts).toEqual({ created: 0, duplicate: 3, refused: 0 });
    await decide(first.body.results[0].id as string, 'accepted');
    expect((await batch(told())).body.results[0]).toMatchObject({ status: 'duplicate', id: first.body.results[0].id });
    expect(await server.database.count('punches', 'tenant_id = $1', [acme.id])).toBe(2);
  });

  it('does not decide about who is in: only what counts is a neighbour', async () => {
    await closedMarch(acme);
    await punch({ source: 'terminal', timestamp: '2026-03-31T23:00:00Z' });
    const next = await punch({ type: 'in', timestamp: '2026-04-01T00:30:00Z' });
    expect([next.status, next.body.flags]).toEqual([201, []]);
  });

  it('is judged by the local date of the person, and of the tenant where they have no zone', async () => {
    await closedMarch(acme);
    const [before, after] = ['2026-04-01T03:00:00Z', '2026-03-31T20:00:00Z'];
    expect((await punch({ timestamp: before })).status).toBe(201);
    await live(anna, 'America/New_York');
    expect(codeOf(await punch({ timestamp: '2026-04-01T03:30:00Z' }))).toEqual([409, 'period_closed']);
    await live(anna, 'Asia/Tokyo');
    expect((await punch({ timestamp: after })).status).toBe(201);
    await live(anna, null);
    expect(codeOf(await punch({ timestamp: '2026-03-31T20:30:00Z', type: 'out' }))).toEqual([409, 'period_closed']);
    await server.database.sql(`UPDATE tenants SET time_zone = 'Asia/Tokyo' WHERE id = $1`, [acme.id]);
    expect((await punch({ timestamp: '2026-03-31T20:30:00Z', type: 'out' })).status).toBe(201);
  });

  it('is told between two closed periods and counts, because that date is open', async () => {
    for (const [startDate, endDate] of [
      ['2026-03-01', '2026-03-09'],
      ['2026-03-11', '2026-03-31'],
    ])
      await close(acme.admin, await aPeriod(acme, { startDate, endDate }));
    expect((await punch()).body.status).toBe('active');
    expect(codeOf(await punch({ timestamp: '2026-03-11T12:00:00Z' }))).toEqual([409, 'period_closed']);
  });

  it('is an ordinary one again once the period is reopened', async () => {
    const payroll = await acme.person({ role: 'payroll' });
    const id = await closedMarch(acme);
    await payroll.api.post(`/api/pay-periods/${id}/reopen`, { reason: 'A site was forgotten' });
    expect((await punch()).body.status).toBe('active');
  });
});

describe('the decision about it', () => {
  let id: string;
  beforeEach(async () => {
    await closedMarch(acme);
    id = (await punch({ source: 'terminal' })).body.id as string;
  });

  it('accepted, it marks its day for the computation, once', async () => {
    const reply = await decide(id, 'accepted');
    expect([reply.status, reply.body.status, reply.headers.get('etag')]).toEqual([200, 'accepted', '"2"']);
    expect(await marksOf(anna)).toBe(1);
    expect(await entriesOf(server, reply)).toEqual([
      expect.objectContaining({
        entity: 'punch',
        action: 'approve',
        changes: {
          before: { status: 'quarantined' },
          after: { status: 'accepted', reason: 'The terminal was offline' },
        },
      }),
    ]);
    const again = await decide(id, 'void');
    expect([codeOf(again), again.body.currentStatus]).toEqual([[409, 'already_decided'], 'accepted']);
    expect(again.body.detail).toBe(`Somebody decided about this punch at ${again.body.decidedAt}: it was accepted.`);
  });

  it('accepted in a period that was reopened, it counts like any other, and is not decided twice', async () => {
    await server.database.sql(`UPDATE pay_periods SET status = 'open' WHERE tenant_id = $1`, [acme.id]);
    expect((await decide(id, 'accepted')).body.status).toBe('active');
    const again = await decide(id, 'void');
    expect([codeOf(again), again.body.currentStatus]).toEqual([[409, 'already_decided'], 'active']);
    expect(again.body.detail).toContain('it was accepted');
  });

  it('void, it never counts', async () => {
    const reply = await decide(id, 'void', acme.admin);
    expect([reply.status, await statusOf(id), await marksOf(anna)]).toEqual([200, 'void', 0]);
    expect((await entriesOf(server, reply))[0]?.action).toBe('reject');
  });

  it('is nobody’s own, nobody else’s out of scope, and about nothing but quarantine', async () => {
    const unit = '01939c2e-8a56-7cc0-b1f4-0c35a3d1f0aa';
    const head = await acme.person({ role: 'approver', orgUnitId: unit });
    expect(codeOf(await decide(id, 'accepted', head))).toEqual([404, 'not_found']);
    expect(codeOf(await decide(id, 'accepted', anna))).toEqual([403, 'forbidden']);
    const own = await acme.admin.api.post('/api/punches', {
      ...told({ source: 'terminal' }),
      employeeId: acme.approver.id,
    });
    expect(codeOf(await decide(own.body.id as string, 'accepted'))).toEqual([403, 'self_approval']);
    const active = await punch({ timestamp: '2026-04-02T12:00:00Z' });
    const never = await decide(active.body.id as string, 'void');
    expect([codeOf(never), never.body.decidedAt]).toEqual([[409, 'already_decided'], undefined]);
    expect(never.body.detail).toContain('was never in quarantine');
    expect((await decide(id, 'maybe')).status).toBe(400);
    const stale = await acme.approver.api.put(
      `/api/punches/${id}/quarantine`,
      { status: 'void', reason: 'Stale' },
      { headers: { 'if-match': '"7"' } },
    );
    expect(codeOf(stale)).toEqual([412, 'precondition_failed']);
  });

  it('two who decide at once do not both decide', async () => {
    const replies = await Promise.all([decide(id, 'accepted'), decide(id, 'void', acme.admin)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('a punch in quarantine is neither corrected nor deleted', async () => {
    const reply = await acme.admin.api.delete(`/api/punches/${id}`, { reason: 'Never mind' });
    expect([codeOf(reply), reply.body.currentStatus]).toEqual([[409, 'punch_not_active'], 'quarantined']);
  });
});

describe('a punch that was told in time', () => {
  it('stays as it is once its period is closed: neither corrected nor deleted, nor moved into one', async () => {
    const [inside, outside] = [await punch(), await punch({ timestamp: '2026-04-02T12:00:00Z' })];
    await server.database.sql('DELETE FROM dirty_days WHERE tenant_id = $1', [acme.id]);
    await closedMarch(acme);
    const path = `/api/punches/${inside.body.id}`;
    expect(codeOf(await acme.admin.api.patch(path, { type: 'out', reason: 'Wrong key' }))).toEqual([
      409,
      'period_closed',
    ]);
    expect(codeOf(await acme.admin.api.delete(path, { reason: 'Wrong person' }))).toEqual([409, 'period_closed']);
    const move = (timestamp: string) =>
      acme.admin.api.patch(`/api/punches/${outside.body.id}`, { timestamp, reason: 'Clock was wrong' });
    const into = await move('2026-03-31T23:59:59Z');
    expect([codeOf(into), into.body.errors[0].pointer]).toEqual([[409, 'period_closed'], '/timestamp']);
    await live(anna, 'Pacific/Auckland');
    expect((await move('2026-04-01T00:30:00Z')).status).toBe(200);
  });

  it('told again after the closing it is still the same punch', async () => {
    const first = await punch();
    await server.database.sql('DELETE FROM dirty_days WHERE tenant_id = $1', [acme.id]);
    await closedMarch(acme);
    const again = await punch();
    expect([again.status, again.body.id, again.body.duplicate]).toEqual([200, first.body.id, true]);
  });
});

describe('a punch out of employment', () => {
  it('is refused where somebody can be told, and flagged elsewhere', async () => {
    await server.database.sql(`UPDATE users SET hired_on = '2026-03-11', left_on = '2026-03-12' WHERE id = $1`, [
      anna.id,
    ]);
    const early = await punch();
    expect([codeOf(early), early.body.errors[0].pointer]).toEqual([[422, 'outside_employment'], '/timestamp']);
    expect(codeOf(await punch({ timestamp: '2026-03-13T12:00:00Z' }))).toEqual([422, 'outside_employment']);
    expect((await punch({ timestamp: '2026-03-11T00:00:00Z' })).status).toBe(201);
    const flagged = await punch({ source: 'terminal' });
    expect([flagged.status, flagged.body.status, flagged.body.flags]).toEqual([
      201,
      'active',
      ['outside_employment', 'reported_late'],
    ]);
  });

  it('from a terminal and for a closed period it is both: flagged and in quarantine', async () => {
    await server.database.sql(`UPDATE users SET hired_on = '2026-03-11' WHERE id = $1`, [anna.id]);
    await closedMarch(acme);
    const reply = await punch({ source: 'terminal' });
    expect([reply.body.status, reply.body.flags]).toEqual(['quarantined', ['outside_employment', 'reported_late']]);
  });
});

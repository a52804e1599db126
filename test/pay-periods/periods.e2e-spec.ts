import { tenantForEachTest } from '../support/scene';
import type { Person } from '../support/world';
import { aDay, aPeriod, close, closedMarch, codeOf, entriesOf, march } from './scene';

const { server, tenant: acme } = tenantForEachTest();
let payroll: Person;
beforeEach(async () => {
  payroll = await acme.person({ role: 'payroll' });
});

const create = (body: unknown, by = acme.admin) => by.api.post('/api/pay-periods', body);

describe('creating pay periods', () => {
  it.each([
    [{ type: 'weekly', date: '2026-03-12' }, '2026-03-09', '2026-03-15'],
    [{ type: 'weekly', date: '2026-03-12', anchor: '2026-01-04' }, '2026-03-08', '2026-03-14'],
    [{ type: 'biweekly', date: '2026-03-12', anchor: '2026-03-02' }, '2026-03-02', '2026-03-15'],
    [{ type: 'semimonthly', date: '2026-02-16' }, '2026-02-16', '2026-02-28'],
    [{ type: 'monthly', date: '2028-02-10' }, '2028-02-01', '2028-02-29'],
    [{ startDate: '2026-03-05', endDate: '2026-03-05' }, '2026-03-05', '2026-03-05'],
  ])('%j is from %s to %s', async (body, startDate, endDate) => {
    const reply = await create(body, payroll);
    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({ startDate, endDate, status: 'open', revision: 0, graceDays: 0, version: 1 });
    expect(reply.headers.get('location')).toBe(`/api/pay-periods/${reply.body.id}`);
    const again = await payroll.api.get(`/api/pay-periods/${reply.body.id}`);
    expect([again.body, again.headers.get('etag')]).toEqual([reply.body, '"1"']);
  });

  it('refuses a body that says neither or both ways, each fault with its pointer', async () => {
    const pointers = async (body: unknown) =>
      ((await create(body)).body.errors as { pointer: string }[]).map(({ pointer }) => pointer).sort();
    expect(await pointers({})).toEqual(['/endDate', '/startDate']);
    expect(await pointers({ type: 'monthly' })).toEqual(['/date']);
    expect(await pointers({ type: 'monthly', date: '2026-03-01', endDate: '2026-03-31' })).toEqual(['/endDate']);
    expect(await pointers({ type: 'monthly', date: '2026-03-01', anchor: '2026-03-01' })).toEqual(['/anchor']);
    expect(await pointers({ ...march, graceDays: 32 })).toEqual(['/graceDays']);
    expect(await pointers({ startDate: '2026-02-30', endDate: '2026-03-31' })).toEqual(['/startDate']);
  });

  it('refuses an end before the start, and a period of more than a year', async () => {
    const backwards = await create({ startDate: '2026-03-02', endDate: '2026-03-01' });
    expect([codeOf(backwards), backwards.body.errors[0].pointer]).toEqual([[422, 'end_before_start'], '/endDate']);
    expect(codeOf(await create({ startDate: '2026-01-01', endDate: '2027-01-02' }))).toEqual([422, 'span_too_long']);
  });

  it('refuses a period that shares a date with another one, also when both are created at once', async () => {
    const id = await aPeriod(acme);
    const reply = await create({ startDate: '2026-03-31', endDate: '2026-04-30' });
    expect(codeOf(reply)).toEqual([409, 'period_overlap']);
    expect(reply.body.overlaps).toEqual({ id, ...march });
    const both = await Promise.all(
      ['2026-05-01', '2026-05-02', '2026-05-03', '2026-05-04'].map((startDate) =>
        create({ startDate, endDate: '2026-05-31' }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect((await create({ startDate: '2026-04-01', endDate: '2026-04-30' })).status).toBe(201);
  });

  it('lists them newest first, page by page, by status', async () => {
    for (const month of ['01', '02', '03']) await aPeriod(acme, { type: 'monthly', date: `2026-${month}-10` });
    const first = await acme.approver.api.get('/api/pay-periods', { query: { limit: 2 } });
    expect(first.body.data.map((p: { startDate: string }) => p.startDate)).toEqual(['2026-03-01', '2026-02-01']);
    const next = await acme.approver.api.get('/api/pay-periods', {
      query: { limit: 2, cursor: first.body.nextCursor },
    });
    expect([next.body.data.length, next.body.nextCursor]).toEqual([1, undefined]);
    await close(acme.admin, next.body.data[0].id as string);
    const closed = await acme.approver.api.get('/api/pay-periods', { query: { status: 'closed' } });
    expect(closed.body.data.map((p: { id: string }) => p.id)).toEqual([next.body.data[0].id]);
  });

  it('changes name and grace of an open one, with If-Match; the ledger has before and after', async () => {
    const id = await aPeriod(acme);
    const patch = (body: unknown, version?: string) =>
      acme.admin.api.patch(`/api/pay-periods/${id}`, body, version ? { headers: { 'if-match': version } } : {});
    const reply = await patch({ graceDays: 5, name: 'March' }, '"1"');
    expect([reply.status, reply.headers.get('etag'), reply.body.graceDays]).toEqual([200, '"2"', 5]);
    expect((await entriesOf(server, reply))[0]?.changes).toEqual({
      before: { graceDays: 0, name: '2026-03-01 – 2026-03-31' },
      after: { graceDays: 5, name: 'March' },
    });
    expect(codeOf(await patch({ name: 'April' }, '"1"'))).toEqual([412, 'precondition_failed']);
    await close(acme.admin, id);
    expect(codeOf(await patch({ name: 'April' }))).toEqual([409, 'period_closed']);
  });
});

describe('closing', () => {
  it('refuses before the last date is over, and in the grace unless it is early for a reason', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const running = await aPeriod(acme, { startDate: today, endDate: '2027-10-31' });
    expect(codeOf(await close(acme.admin, running, { early: true, reason: 'In a hurry' }))).toEqual([
      409,
      'period_not_over',
    ]);
    const inGrace = await aPeriod(acme, { startDate: '2026-06-01', endDate: yesterday, graceDays: 3 });
    expect(codeOf(await close(acme.admin, inGrace))).toEqual([409, 'period_not_over']);
    const noReason = await close(acme.admin, inGrace, { early: true });
    expect([noReason.status, noReason.body.errors[0].pointer]).toEqual([400, '/reason']);
    const early = await close(acme.admin, inGrace, { early: true, reason: 'Payroll runs before the holidays' });
    expect([early.status, early.body.status]).toEqual([200, 'closed']);
    expect((await entriesOf(server, early))[0]?.changes.after).toMatchObject({
      status: 'closed',
      early: true,
      reason: 'Payroll runs before the holidays',
    });
  });

  it('takes the date of the tenant, not of the server', async () => {
    const there = (zone: string) =>
      new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(new Date());
    const [west, east] = ['Pacific/Pago_Pago', 'Pacific/Kiritimati'];
    const endDate = there(west);
    const id = await aPeriod(acme, { startDate: '2026-08-01', endDate });
    await server.database.sql('UPDATE tenants SET time_zone = $2 WHERE id = $1', [acme.id, west]);
    expect(codeOf(await close(acme.admin, id))).toEqual([409, 'period_not_over']);
    await server.database.sql('UPDATE tenants SET time_zone = $2 WHERE id = $1', [acme.id, east]);
    expect((await close(acme.admin, id)).status).toBe(200);
  });

  it('refuses while days are marked or undecided, and says which', async () => {
    const id = await aPeriod(acme);
    await aDay(server, acme, acme.employee, '2026-03-31', { due: true });
    const reply = await close(acme.admin, id);
    expect([codeOf(reply), reply.headers.get('retry-after')]).toEqual([[409, 'days_pending'], '1']);
    expect(reply.body.days).toEqual([{ employeeId: acme.employee.id, date: '2026-03-31' }]);
    await server.database.sql('UPDATE day_records SET due_at = NULL WHERE tenant_id = $1', [acme.id]);
    expect((await close(acme.admin, id)).status).toBe(200);
  });

  it('refuses while exceptions are open, unless they are accepted', async () => {
    const id = await aPeriod(acme);
    await server.database.sql(
      `INSERT INTO attendance_exceptions (tenant_id, employee_id, work_date, code, anchor, status, occurred_at, source)
       VALUES ($1, $2, '2026-03-02', 'LATE', 'a', 'open', now(), 'manual'), ($1, $2, '2026-03-03', 'LATE', 'a', 'approved', now(), 'manual')`,
      [acme.id, acme.employee.id],
    );
    const reply = await close(acme.admin, id);
    expect([codeOf(reply), reply.body.count]).toEqual([[409, 'exceptions_open'], 1]);
    expect((await close(acme.admin, id, { acceptOpenExceptions: true })).status).toBe(200);
  });

  it('is for payroll and administrators; an earlier period may still be open', async () => {
    await aPeriod(acme, { type: 'monthly', date: '2026-02-01' });
    const id = await aPeriod(acme);
    for (const person of [acme.employee, acme.approver]) expect((await close(person, id)).status).toBe(403);
    expect((await close(payroll, id)).status).toBe(200);
  });

  it('LOCK-10: closing a closed one is 200 and changes nothing; each call leaves its entry', async () => {
    const id = await aPeriod(acme);
    const first = await close(acme.admin, id);
    const again = await close(payroll, id, { acceptOpenExceptions: true });
    expect([again.status, again.text]).toEqual([200, first.text]);
    expect(await entriesOf(server, again)).toEqual([
      expect.objectContaining({ entity: 'pay_period', action: 'close', changes: expect.anything() as unknown }),
    ]);
  });

  it('LOCK-10: what touches one closed day among open ones is refused, all or nothing', async () => {
    const id = await aPeriod(acme);
    for (const date of ['2026-03-31', '2026-04-01']) await aDay(server, acme, acme.employee, date);
    await close(acme.admin, id);
    await expect(server.database.sql('DELETE FROM day_records WHERE tenant_id = $1', [acme.id])).rejects.toMatchObject({
      code: '23514',
      constraint: 'period_closed',
    });
    expect(await server.database.count('day_records', 'tenant_id = $1', [acme.id])).toBe(2);
  });

  it('many who close at once make one revision', async () => {
    const id = await aPeriod(acme);
    await aDay(server, acme, acme.employee, '2026-03-10');
    const replies = await Promise.all(Array.from({ length: 6 }, () => close(acme.admin, id)));
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(replies[0]?.body).toMatchObject({ status: 'closed', revision: 1 });
    expect(await server.database.count('pay_period_totals', 'period_id = $1', [id])).toBe(1);
  });

  it('reopening needs its own right, which administrators do not have, a closed period and a reason', async () => {
    const id = await aPeriod(acme);
    const reopen = (by: Person, body: unknown = { reason: 'Night premiums were missing' }) =>
      by.api.post(`/api/pay-periods/${id}/reopen`, body);
    expect(codeOf(await reopen(payroll))).toEqual([409, 'period_not_closed']);
    await close(acme.admin, id);
    for (const by of [acme.admin, acme.approver, acme.employee])
      expect(codeOf(await reopen(by))).toEqual([403, 'forbidden']);
    expect((await reopen(payroll, {})).status).toBe(400);
    const reply = await reopen(payroll);
    expect([reply.status, reply.body.status, reply.body.revision]).toEqual([200, 'open', 1]);
    expect((await entriesOf(server, reply))[0]).toMatchObject({
      action: 'reopen',
      changes: { before: { status: 'closed' }, after: { status: 'open', reason: 'Night premiums were missing' } },
    });
  });

  it('another tenant sees nothing of it', async () => {
    const id = await closedMarch(acme);
    const globex = await server.world.tenant();
    expect((await close(globex.admin, id)).status).toBe(404);
    expect((await globex.admin.api.get('/api/pay-periods')).body.data).toEqual([]);
    expect((await create(march, globex.admin)).status).toBe(201);
  });
});

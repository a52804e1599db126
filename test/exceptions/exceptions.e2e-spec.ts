import { aKey } from '../support/client';
import { startServer, type TestServer } from '../support/server';
import type { Person, Tenant } from '../support/world';
import { Days } from '../days/scene';
import { aPeriod, close } from '../pay-periods/scene';

let server: TestServer;
let acme: Tenant;
let days: Days;
const utc = 'Etc/UTC';

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  acme = await server.world.tenant();
  days = new Days(server, acme);
});

interface Shown {
  id: string;
  code: string;
  status: string;
  date: string;
  employeeId: string;
}
const listed = async (by: Person, query: Record<string, string> = {}) =>
  (await by.api.get('/api/exceptions', { query })).body.data as Shown[];

/** Somebody forgot to punch out. */
async function forgotten(who: Person, date: string): Promise<Shown> {
  await days.punch(who, utc, `in ${date}T09:00`);
  await days.compute();
  const found = (await listed(acme.admin, { employeeId: who.id, from: date, to: date, code: 'MISSING_OUT' }))[0];
  if (!found) throw new Error('nothing was found');
  return found;
}

describe('an exception', () => {
  it('IDM-02, ATT-02: is settled with a note, once, and the ledger has both sides', async () => {
    const found = await forgotten(acme.employee, '2026-03-02');
    const path = `/api/exceptions/${found.id}`;
    const read = await acme.approver.api.get(path);
    expect(read.body).toMatchObject({
      code: 'MISSING_OUT',
      title: 'the punch out is missing; no time is counted without it',
      employeeName: acme.employee.name,
      status: 'open',
      source: 'automatic',
    });
    const stale = await acme.approver.api.put(
      `${path}/resolve`,
      { status: 'approved' },
      { headers: { 'if-match': '"9"' } },
    );
    expect([stale.status, stale.body.code]).toEqual([412, 'precondition_failed']);
    const bare = await acme.approver.api.put(`${path}/resolve`, { status: 'rejected' });
    expect([bare.status, bare.body.errors[0].pointer]).toEqual([400, '/notes']);
    const key = aKey();
    const etag = read.headers.get('etag') ?? '';
    const decide = () =>
      acme.approver.api.put(
        `${path}/resolve`,
        { status: 'rejected', notes: 'Third time' },
        { key, headers: { 'if-match': etag } },
      );
    const first = await decide();
    expect(first.body).toMatchObject({ status: 'rejected', notes: 'Third time', resolvedBy: acme.approver.id });
    const again = await decide();
    expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([first.text, 'true']);
    const late = await acme.admin.api.put(`${path}/resolve`, { status: 'approved' });
    expect([late.status, late.body.code, late.body.currentStatus]).toEqual([409, 'already_decided', 'rejected']);
    const entries = await server.database.sql(
      `SELECT action, changes, employee_id FROM audit_logs WHERE tenant_id = $1 AND exception_id = $2`,
      [acme.id, found.id],
    );
    expect(entries).toEqual([
      {
        action: 'reject',
        employee_id: acme.employee.id,
        changes: {
          before: { status: 'open' },
          after: { status: 'rejected', notes: 'Third time', resolvedBy: acme.approver.id },
        },
      },
    ]);
  });

  it('is never settled by whom it is about, nor by whoever entered it', async () => {
    const own = await forgotten(acme.approver, '2026-03-02');
    const reply = await acme.approver.api.put(`/api/exceptions/${own.id}/resolve`, { status: 'approved' });
    expect([reply.status, reply.body.code]).toEqual([403, 'self_approval']);
    const entered = await acme.approver.api.post('/api/exceptions', {
      employeeId: acme.employee.id,
      date: '2026-03-02',
      description: 'Sent home, no material',
    });
    expect(entered.status).toBe(201);
    const path = `/api/exceptions/${entered.body.id as string}`;
    expect((await acme.approver.api.put(`${path}/resolve`, { status: 'approved' })).status).toBe(403);
    expect((await acme.admin.api.put(`${path}/resolve`, { status: 'approved' })).status).toBe(200);
    expect((await acme.employee.api.put(`${path}/resolve`, { status: 'approved' })).status).toBe(403);
  });

  it('comes back open when what was decided is no longer what happened', async () => {
    const found = await forgotten(acme.employee, '2026-03-02');
    await acme.admin.api.put(`/api/exceptions/${found.id}/resolve`, { status: 'approved' });
    await days.compute();
    expect((await acme.admin.api.get(`/api/exceptions/${found.id}`)).body.status).toBe('approved');
    await days.punch(acme.employee, utc, 'out 2026-03-02T17:00');
    await days.compute();
    expect((await acme.admin.api.get(`/api/exceptions/${found.id}`)).body.status).toBe('cleared');
  });

  it('is seen by those in scope, and by nobody else', async () => {
    const unitId = crypto.randomUUID();
    const lead = await acme.person({ role: 'approver', orgUnitId: unitId });
    const member = await acme.person({ orgUnitId: unitId });
    const inside = await forgotten(member, '2026-03-02');
    const outside = await forgotten(acme.employee, '2026-03-03');
    const codes = async (by: Person) => (await listed(by, { code: 'MISSING_OUT' })).map((each) => each.id);
    expect(await codes(lead)).toEqual([inside.id]);
    expect(await codes(member)).toEqual([inside.id]);
    expect(await codes(acme.admin)).toEqual([outside.id, inside.id]);
    expect((await lead.api.get(`/api/exceptions/${outside.id}`)).status).toBe(404);
    expect((await lead.api.put(`/api/exceptions/${outside.id}/resolve`, { status: 'approved' })).status).toBe(404);
    const unknown = await lead.api.post('/api/exceptions', {
      employeeId: acme.employee.id,
      date: '2026-03-02',
      description: 'Not mine to enter',
    });
    expect([unknown.status, unknown.body.code]).toEqual([422, 'employee_unknown']);
  });

  it('entered by hand can be taken back by whoever entered it; one that was found cannot', async () => {
    const mine = await acme.employee.api.post('/api/exceptions', {
      employeeId: acme.employee.id,
      date: '2026-03-02',
      description: 'Doctor in the morning',
    });
    const path = `/api/exceptions/${mine.body.id as string}`;
    expect((await acme.approver.api.delete(path, { reason: 'Not theirs' })).status).toBe(403);
    expect((await acme.employee.api.delete(path, { reason: 'Moved to Friday' })).body).toMatchObject({
      status: 'deleted',
    });
    const found = await forgotten(acme.employee, '2026-03-03');
    const reply = await acme.admin.api.delete(`/api/exceptions/${found.id}`, { reason: 'Unwanted' });
    expect([reply.status, reply.body.code]).toEqual([409, 'conflict']);
  });

  it('is settled with hundreds of others, each with its own result', async () => {
    const one = await forgotten(acme.employee, '2026-03-02');
    const two = await forgotten(acme.employee, '2026-03-04');
    const own = await forgotten(acme.approver, '2026-03-02');
    const ids = [one.id, crypto.randomUUID(), own.id, two.id, one.id];
    const reply = await acme.approver.api.post('/api/exceptions/batch/resolve', {
      ids,
      status: 'approved',
      notes: 'Outage',
    });
    expect(reply.status).toBe(200);
    expect(reply.body.counts).toEqual({ resolved: 2, refused: 3 });
    expect(reply.body.results.map((each: { status: string; code?: string }) => each.code ?? each.status)).toEqual([
      'resolved',
      'not_found',
      'self_approval',
      'resolved',
      'already_decided',
    ]);
    expect(await server.database.count('audit_logs', `request_id = $1`, [reply.headers.get('x-request-id')])).toBe(2);
    const again = await acme.approver.api.post('/api/exceptions/batch/resolve', { ids: [one.id], status: 'approved' });
    expect([again.status, again.body.code]).toEqual([409, 'already_decided']);
  });

  it('of a closed pay period stays as it is, and the others of its batch are settled', async () => {
    const paid = await forgotten(acme.employee, '2026-03-02');
    const unpaid = await forgotten(acme.employee, '2026-04-02');
    const march = await aPeriod(acme);
    expect((await close(acme.admin, march, { acceptOpenExceptions: true })).status).toBe(200);
    const alone = await acme.approver.api.put(`/api/exceptions/${paid.id}/resolve`, { status: 'approved' });
    expect([alone.status, alone.body.code]).toEqual([409, 'period_closed']);
    const ids = [paid.id, unpaid.id];
    const reply = await acme.approver.api.post('/api/exceptions/batch/resolve', { ids, status: 'approved' });
    expect(reply.body.results.map((each: { status: string; code?: string }) => each.code ?? each.status)).toEqual([
      'period_closed',
      'resolved',
    ]);
    const late = { employeeId: acme.employee.id, date: '2026-03-02', description: 'Sent home' };
    expect((await acme.admin.api.post('/api/exceptions', late)).body.code).toBe('period_closed');
  });

  it('cannot be decided before its window has closed', async () => {
    const found = await forgotten(acme.employee, '2026-03-02');
    await server.database.sql(`UPDATE attendance_exceptions SET status = 'premature' WHERE id = $1`, [found.id]);
    const reply = await acme.approver.api.put(`/api/exceptions/${found.id}/resolve`, { status: 'approved' });
    expect([reply.status, reply.body.code, reply.body.currentStatus]).toEqual([409, 'conflict', 'premature']);
  });

  it('is listed page by page, none twice and none left out', async () => {
    const dates = ['2026-03-02', '2026-03-04', '2026-03-06', '2026-03-08', '2026-03-10'];
    for (const date of dates) await forgotten(acme.employee, date);
    const met: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const query = { limit: '2', code: 'MISSING_OUT', ...(cursor === '' ? {} : { cursor }) };
      const { body } = await acme.admin.api.get('/api/exceptions', { query });
      met.push(...(body.data as Shown[]).map(({ date }) => date));
      cursor = body.nextCursor as string | undefined;
    }
    expect(met).toEqual([...dates].reverse());
  });
});

describe('the approval of a day', () => {
  const approve = (by: Person, who: Person, date: string) =>
    by.api.put(`/api/attendance/days/${who.id}/${date}/approval`, { status: 'approved' });

  it('waits until nothing is open, and is given by somebody else', async () => {
    await forgotten(acme.employee, '2026-03-02');
    const open = await approve(acme.approver, acme.employee, '2026-03-02');
    expect([open.status, open.body.code]).toEqual([409, 'exceptions_open']);
    for (const { id } of await listed(acme.admin, { employeeId: acme.employee.id })) {
      await acme.admin.api.put(`/api/exceptions/${id}/resolve`, { status: 'approved' });
    }
    expect((await approve(acme.employee, acme.employee, '2026-03-02')).status).toBe(403);
    const done = await approve(acme.approver, acme.employee, '2026-03-02');
    expect(done.body).toMatchObject({ approval: 'approved', approvedBy: acme.approver.id });
    expect((await approve(acme.approver, acme.employee, '2026-03-09')).status).toBe(404);
    await days.punch(acme.employee, utc, 'out 2026-03-02T17:00');
    await days.compute();
    expect((await days.day(acme.employee, '2026-03-02')).body).toMatchObject({ approval: 'pending' });
  });

  it('is given to many days at once', async () => {
    await days.policy({ unscheduled: 'free' });
    await days.punch(
      acme.employee,
      utc,
      'in 2026-03-02T09:00',
      'out 2026-03-02T17:00',
      'in 2026-03-03T09:00',
      'out 2026-03-03T17:00',
    );
    await days.compute();
    const asked = ['2026-03-02', '2026-03-03', '2026-03-04'].map((date) => ({ employeeId: acme.employee.id, date }));
    const reply = await acme.approver.api.post('/api/attendance/days/batch/approve', { days: asked });
    expect(reply.body.counts).toEqual({ approved: 2, refused: 1 });
    expect((await days.day(acme.employee, '2026-03-03')).body).toMatchObject({ approval: 'approved' });
  });

  it('is given once, and falls when an exception is entered', async () => {
    await days.policy({ unscheduled: 'free' });
    await days.punch(acme.employee, utc, 'in 2026-03-02T09:00', 'out 2026-03-02T17:00');
    await days.compute();
    const day = { employeeId: acme.employee.id, date: '2026-03-02' };
    const path = `/api/attendance/days/${day.employeeId}/${day.date}/approval`;
    const none = await acme.admin.api.put(path, { status: 'pending' });
    expect([none.status, none.body.code, none.body.currentStatus]).toEqual([409, 'already_decided', 'pending']);
    const twice = await acme.approver.api.post('/api/attendance/days/batch/approve', { days: [day, day] });
    expect(twice.body.counts).toEqual({ approved: 1, refused: 1 });
    const again = await approve(acme.admin, acme.employee, day.date);
    expect([again.status, again.body.code]).toEqual([409, 'already_decided']);
    expect((await days.day(acme.employee, day.date)).body).toMatchObject({ approvedBy: acme.approver.id });

    const entered = await acme.approver.api.post('/api/exceptions', { ...day, description: 'Left the gate open' });
    expect((await days.day(acme.employee, day.date)).body).toMatchObject({ approval: 'pending' });
    const entries = await server.database.sql(
      'SELECT entity, changes FROM audit_logs WHERE request_id = $1 ORDER BY entity',
      [entered.headers.get('x-request-id')],
    );
    expect(entries).toMatchObject([
      { entity: 'day', changes: { before: { approval: 'approved' }, after: { approval: 'pending' } } },
      { entity: 'exception' },
    ]);
  });

  it('of a version that was read before is refused', async () => {
    await days.policy({ unscheduled: 'free' });
    await days.punch(acme.employee, utc, 'in 2026-03-02T09:00', 'out 2026-03-02T17:00');
    await days.compute();
    const path = `/api/attendance/days/${acme.employee.id}/2026-03-02/approval`;
    const stale = await acme.admin.api.put(path, { status: 'approved' }, { headers: { 'if-match': '"99"' } });
    expect([stale.status, stale.body.code]).toEqual([412, 'precondition_failed']);
  });
});

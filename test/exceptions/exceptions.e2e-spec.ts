import { aKey } from '../support/client';
import type { Person } from '../support/world';
import { aPeriod, close } from '../pay-periods/scene';
import { exceptional, listed, type Shown, utc } from './scene';

const { server, acme, days, forgotten } = exceptional();

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

import type { Person } from '../support/world';
import { aPeriod, close, codeOf, payday } from './scene';

const { server, acme, payroll, anna, ben, book } = payday();

describe('adjustments', () => {
  it('are booked by hand with a reason, listed, and taken back while they are open', async () => {
    const reply = await acme.admin.api.post('/api/adjustments', {
      employeeId: anna.id,
      date: '2026-03-12',
      minutes: 45,
      rate: 1.5,
      source: 'daily',
      reason: 'Confirmed too late',
    });
    expect([reply.status, reply.headers.get('etag')]).toEqual([201, '"1"']);
    expect(reply.body).toMatchObject({
      employeeId: anna.id,
      date: '2026-03-12',
      origin: 'manual',
      source: 'daily',
      rate: 1.5,
      minutes: 45,
      status: 'open',
      createdBy: acme.admin.id,
    });
    const path = `/api/adjustments/${reply.body.id}`;
    expect(codeOf(await payroll.api.delete(path, { reason: 'No' }))).toEqual([400, 'validation_failed']);
    const gone = await payroll.api.delete(path, { reason: 'Booked twice' });
    expect([gone.status, gone.body.status]).toEqual([200, 'void']);
    expect(codeOf(await payroll.api.delete(path, { reason: 'Booked twice' }))).toEqual([409, 'conflict']);
    const list = async (query: Record<string, string>) =>
      (await payroll.api.get('/api/adjustments', { query })).body.data.length as number;
    expect([
      await list({ status: 'void' }),
      await list({ status: 'open' }),
      await list({ employeeId: ben.id }),
    ]).toEqual([1, 0, 0]);
  });

  it('that were paid stay paid', async () => {
    const { id } = await book(anna);
    await close(acme.admin, await aPeriod(acme));
    const reply = await acme.admin.api.delete(`/api/adjustments/${id}`, { reason: 'Too late' });
    expect([codeOf(reply), reply.body.currentStatus]).toEqual([[409, 'conflict'], 'paid']);
  });

  it('are refused for oneself, for nobody, for nothing and for a date out of employment', async () => {
    const told = { employeeId: anna.id, date: '2026-03-12', minutes: 5, reason: 'Because' };
    const post = (more: object, by = acme.admin) => by.api.post('/api/adjustments', { ...told, ...more });
    expect(codeOf(await post({ employeeId: acme.admin.id }))).toEqual([403, 'self_approval']);
    expect(codeOf(await post({ employeeId: '01939c2e-8a56-7cc0-b1f4-0c35a3d1f0ff' }))).toEqual([
      422,
      'employee_unknown',
    ]);
    expect((await post({ minutes: 0 })).body.errors[0].pointer).toBe('/minutes');
    expect((await post({ rate: 1.0005 })).body.errors[0].pointer).toBe('/rate');
    expect((await post({}, acme.approver)).status).toBe(403);
    await server.database.sql(`UPDATE users SET hired_on = '2026-03-13' WHERE id = $1`, [anna.id]);
    const early = await post({});
    expect([codeOf(early), early.body.errors[0].pointer]).toEqual([[422, 'outside_employment'], '/date']);
    const own = await book(payroll);
    expect(codeOf(await payroll.api.delete(`/api/adjustments/${own.id}`, { reason: 'Mine' }))).toEqual([
      403,
      'self_approval',
    ]);
  });

  it('are seen by those whom they concern', async () => {
    await book(anna);
    await book(ben);
    const list = async (by: Person) => (await by.api.get('/api/adjustments', { query: { limit: 1 } })).body;
    expect((await list(anna)).data.map((each: { employeeId: string }) => each.employeeId)).toEqual([anna.id]);
    expect((await list(acme.employee)).data).toEqual([]);
    const first = await list(payroll);
    const { body } = await payroll.api.get('/api/adjustments', { query: { limit: 1, cursor: first.nextCursor } });
    expect([first.data[0].employeeId, body.data[0].employeeId, body.nextCursor]).toEqual([ben.id, anna.id, undefined]);
  });
});

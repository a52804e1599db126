import type { Person } from '../support/world';
import { exceptional, listed, utc } from './scene';

const { server, acme, days, forgotten } = exceptional();

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

import { randomUUID } from 'node:crypto';
import type { TestServer } from '../support/server';
import type { Person } from '../support/world';
import { codeOf, Corrections, earlier, missing, pointersOf } from './scene';

let server: TestServer;
let scene: Corrections;
let employee: Person;
let approver: Person;
let admin: Person;
beforeAll(async () => {
  server = await Corrections.start();
});
beforeEach(async () => {
  scene = await Corrections.in(server);
  ({ employee, approver, admin } = scene.tenant);
});
afterAll(() => server.close());

describe('who decides', () => {
  it('never whoever asked, nor whom it is about', async () => {
    const colleague = await scene.tenant.person({ role: 'approver' });
    const forEmployee = await scene.asked({ ...missing, employeeId: employee.id }, approver);
    const own = await scene.asked(missing, approver);
    const byOther = await scene.asked({ ...missing, type: 'in', employeeId: approver.id }, colleague);
    for (const id of [forEmployee, own, byOther]) {
      expect(codeOf(await scene.decide(id, 'approved', approver))).toEqual([403, 'self_approval']);
      expect(codeOf(await scene.decide(id, 'rejected', approver))).toEqual([403, 'self_approval']);
    }
    const byAdmin = await scene.asked({ ...missing, employeeId: employee.id }, admin);
    expect(codeOf(await scene.decide(byAdmin, 'approved', admin))).toEqual([403, 'self_approval']);
    expect((await scene.decide(byAdmin, 'approved', colleague)).status).toBe(200);
    expect(codeOf(await scene.decide(own, 'approved', employee))).toEqual([403, 'forbidden']);
  });

  it('approvers for their org unit alone', async () => {
    const id = await scene.asked(missing);
    const elsewhere = await scene.tenant.person({ role: 'approver', orgUnitId: randomUUID() });
    expect(codeOf(await scene.decide(id, 'approved', elsewhere))).toEqual([404, 'not_found']);
    expect((await scene.get(id)).body.status).toBe('pending');
  });

  it('once: a decided or cancelled one says what it is', async () => {
    const [approved, rejected, cancelled] = [
      await scene.asked(missing),
      await scene.asked({ ...missing, type: 'in' }),
      await scene.asked({ ...missing, type: 'break_start' }),
    ];
    await scene.decide(approved, 'approved');
    await scene.decide(rejected, 'rejected');
    await scene.cancel(cancelled);
    for (const [id, status] of [
      [approved, 'approved'],
      [rejected, 'rejected'],
      [cancelled, 'cancelled'],
    ] as const) {
      for (const reply of [await scene.decide(id, 'approved', admin), await scene.cancel(id)]) {
        expect([...codeOf(reply), reply.body.currentStatus]).toEqual([409, 'already_decided', status]);
      }
    }
  });

  it('with the version that was read', async () => {
    const id = await scene.asked(missing);
    expect(codeOf(await scene.decide(id, 'approved', approver, { 'if-match': '"2"' }))).toEqual([
      412,
      'precondition_failed',
    ]);
    expect(codeOf(await scene.cancel(id, employee, { 'if-match': '"2"' }))).toEqual([412, 'precondition_failed']);
    const reply = await scene.decide(id, 'approved', approver, { 'if-match': '"1"' });
    expect([reply.status, reply.headers.get('etag')]).toEqual([200, '"2"']);
  });

  it('rejects with a reason, and nothing changes', async () => {
    const [arrived] = await scene.worked();
    const id = await scene.asked(earlier(arrived));
    const silent = await approver.api.put(`/api/corrections/${id}/decide`, { status: 'rejected' });
    expect([...codeOf(silent), pointersOf(silent)]).toEqual([400, 'validation_failed', ['/notes']]);
    const reply = await scene.decide(id, 'rejected');
    expect(reply.body).toMatchObject({ status: 'rejected', notes: 'The door log says otherwise' });
    expect(reply.body).not.toHaveProperty('appliedPunchId');
    expect(await scene.punch(arrived)).toMatchObject({ status: 'active', version: 1 });
    expect(await scene.entries(reply)).toMatchObject([
      { entity: 'correction', action: 'reject', changes: { after: { notes: 'The door log says otherwise' } } },
    ]);
  });
});

describe('cancelling', () => {
  it('is done by whoever asked or an administrator, and it stays readable', async () => {
    const [own, byApprover] = [
      await scene.asked(missing),
      await scene.asked({ ...missing, type: 'in', employeeId: employee.id }, approver),
    ];
    expect(codeOf(await scene.cancel(own, approver))).toEqual([403, 'forbidden']);
    expect(codeOf(await scene.cancel(byApprover, employee))).toEqual([403, 'forbidden']);
    const reply = await scene.cancel(own);
    expect(reply.body).toMatchObject({ id: own, status: 'cancelled', version: 2 });
    expect((await scene.cancel(byApprover, admin)).status).toBe(200);
    expect((await scene.get(own, employee)).body).toEqual(reply.body);
    expect(await scene.entries(reply)).toMatchObject([
      {
        entity: 'correction',
        action: 'cancel',
        changes: { before: { status: 'pending' }, after: { status: 'cancelled' } },
      },
    ]);
    expect(await scene.active()).toEqual([]);
  });
});

import type { Reply } from '../support/client';
import { tenantForEachTest } from '../support/scene';
import type { Person } from '../support/world';
import { admin } from './roles-scene';

// Long enough that a change which is seen at once is seen because it was told, not because the memory ended.
const { server, tenant: acme } = tenantForEachTest({ AUTH_PRINCIPAL_CACHE_MS: '60000' });

const roles = `${admin}/roles`;
const lead = { name: 'shift-lead', title: 'Shift lead', permissions: ['attendance:read', 'attendance:approve'] };
const make = (more: object = {}, by: Person = acme.admin) => by.api.post(roles, { ...lead, ...more });
const give = (role: string, to: Person, by: Person = acme.admin) =>
  by.api.post(`${admin}/users/${to.id}/roles/assign`, { template: role });
const take = (role: string, from: Person) =>
  acme.admin.api.post(`${admin}/users/${from.id}/roles/unassign`, { template: role });
const said = ({ status, body }: Reply) => [status, body.code, body.errors?.[0]?.pointer];
const mayApprove = async (who: Person) => (await who.api.get('/api/users')).status === 200;

describe('a role that a tenant makes', () => {
  it('is given and taken like a template, by any spelling, and opens what it holds', async () => {
    const made = await make();
    expect([made.status, made.body]).toMatchObject([
      201,
      { name: 'shift-lead', permissions: ['attendance:approve', 'attendance:read'], version: 1 },
    ]);
    expect(await mayApprove(acme.employee)).toBe(false);
    const given = await give('Shift-Lead', acme.employee);
    expect([given.status, given.body.roles, given.body.role]).toEqual([200, ['employee', 'shift-lead'], 'employee']);
    expect(await mayApprove(acme.employee)).toBe(true);
    expect((await take('shift-lead', acme.employee)).body.roles).toEqual(['employee']);
    expect(await mayApprove(acme.employee)).toBe(false);
  });

  it('is among the roles of a person who is made or changed, and what lists of people are filtered by', async () => {
    await make();
    const ina = await acme.admin.api.post('/api/users', { name: 'Ina', roles: ['employee', 'shift-lead'] });
    expect(ina.body.roles).toEqual(['employee', 'shift-lead']);
    const only = await acme.admin.api.patch(`/api/users/${ina.body.id}`, { role: 'shift-lead' });
    expect([only.body.roles, only.body.role]).toEqual([['shift-lead'], 'shift-lead']);
    const { body } = await acme.admin.api.get('/api/users', { query: { role: 'shift-lead' } });
    expect(body.data.map(({ name }: { name: string }) => name)).toEqual(['Ina']);
    const batch = await acme.admin.api.post(`${admin}/users/batch/roles/assign`, {
      userIds: [acme.employee.id],
      roleId: 'shift-lead',
    });
    expect(batch.body).toMatchObject({ updated: 1 });
    const { status, body: undone } = await acme.admin.api.post(`${admin}/role-batches/${batch.body.batchId}/undo`);
    expect([status, undone.reverted]).toEqual([200, 1]);
  });

  it('holds from the next request on what it is changed to hold', async () => {
    const { body } = await make();
    await give('shift-lead', acme.employee);
    expect(await mayApprove(acme.employee)).toBe(true);
    const changed = await acme.admin.api.patch(`${roles}/${body.id}`, { permissions: ['attendance:read'] });
    expect([changed.status, changed.body.version]).toEqual([200, 2]);
    expect(await mayApprove(acme.employee)).toBe(false);
  });

  it('stays while somebody has it, and is gone when nobody has', async () => {
    const { body } = await make();
    await give('shift-lead', acme.employee);
    const remove = () => acme.admin.api.delete(`${roles}/${body.id}`);
    expect(said(await remove())).toEqual([409, 'conflict', undefined]);
    await take('shift-lead', acme.employee);
    expect((await remove()).status).toBe(200);
    expect(said(await give('shift-lead', acme.employee))).toEqual([400, 'validation_failed', '/template']);
    expect((await acme.admin.api.get(roles)).body.data).toEqual([]);
  });

  it('belongs to one tenant: another one neither sees nor gives it', async () => {
    await make();
    const globex = await server.world.tenant();
    expect((await globex.admin.api.get(roles)).body.data).toEqual([]);
    const theirs = await globex.admin.api.post(`${admin}/users/${globex.employee.id}/roles/assign`, {
      template: 'shift-lead',
    });
    expect(said(theirs)).toEqual([400, 'validation_failed', '/template']);
  });
});

describe('what goes into a role', () => {
  it.each([
    ['no permission', { permissions: [] }, '/permissions'],
    ['a permission that there is not', { permissions: ['attendance:fly'] }, '/permissions/0'],
    ['the right to operate the platform', { permissions: ['platform:admin'] }, '/permissions/0'],
    ['the name of a template', { name: 'Admin' }, '/name'],
    ['another word for a template', { name: 'manager' }, '/name'],
    ['a name with a space', { name: 'shift lead' }, '/name'],
  ])('is not %s', async (_, more, pointer) => {
    expect(said(await make(more))).toEqual([400, 'validation_failed', pointer]);
  });

  it('is refused under a name that is taken', async () => {
    await make();
    expect(said(await make({ title: 'Another' }))).toEqual([409, 'conflict', '/name']);
  });

  it('SEC-18: is made by administrators alone', async () => {
    const operator = await server.world.operator();
    for (const by of [acme.employee, acme.approver, operator]) expect((await make({}, by)).status).toBe(403);
  });

  it('A17: may be the right to reopen what was paid, which nobody gives themselves, by no way around', async () => {
    const payday = { name: 'payday', permissions: ['attendance:payroll', 'attendance:read'] };
    const { body, status } = await make(payday);
    expect(status).toBe(201);
    expect(said(await give('payday', acme.admin))).toEqual([403, 'self_approval', '/template']);
    const other = await acme.person({ role: 'admin' });
    expect((await give('payday', other)).status).toBe(200);
    const plain = await make({ name: 'plain', permissions: ['attendance:read'] });
    expect((await give('plain', acme.admin)).status).toBe(200);
    const widen = acme.admin.api.patch(`${roles}/${plain.body.id}`, { permissions: ['attendance:payroll'] });
    expect(said(await widen)).toEqual([403, 'self_approval', '/permissions']);
    const renamed = await acme.admin.api.patch(`${roles}/${body.id}`, { title: 'Payday' });
    expect(renamed.status).toBe(200);
  });
});

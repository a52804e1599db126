import { randomUUID } from 'node:crypto';
import type { Reply } from '../support/client';
import { admin, givingRoles, requestOf } from './roles-scene';

const { server, tenant, other, rolesOf, entriesOf } = givingRoles({ AUTH_PRINCIPAL_CACHE_MS: '60000' });

const withoutRequest = (reply: Reply) => reply.text.replaceAll(/"(requestId|instance)":"[^"]*"/g, '"$1":"…"');

describe('role templates', () => {
  it('are listed with their permissions and with what the caller may give (ATT-06)', async () => {
    const { status, body } = await tenant.admin.api.get(`${admin}/role-templates`);
    expect(status).toBe(200);
    expect(body.data.map(({ id, grantable }: { id: string; grantable: boolean }) => [id, grantable])).toEqual([
      ['employee', true],
      ['approver', true],
      ['payroll', true],
      ['admin', true],
      ['platform_admin', false],
    ]);
  });

  it('and everything around them belong to administrators (SEC-18, CON-05)', async () => {
    const operator = await server.world.operator();
    for (const path of ['role-templates', 'users/search?q=a']) {
      expect((await server.stranger.get(`${admin}/${path}`)).status).toBe(401);
      for (const by of [tenant.employee, tenant.approver, operator])
        expect((await by.api.get(`${admin}/${path}`)).status).toBe(403);
    }
    for (const path of ['assign', 'unassign']) {
      const reply = await tenant.approver.api.post(`${admin}/users/${tenant.employee.id}/roles/${path}`, {
        template: 'employee',
      });
      expect(reply.status).toBe(403);
    }
  });
});

describe('one person', () => {
  it('gets a role beside the others, at once, and loses it again (AUD-05, SEC-16)', async () => {
    const someone = await tenant.person({});
    expect((await someone.api.get('/api/users')).status).toBe(403);
    const given = await tenant.admin.api.post(`${admin}/users/${someone.id}/roles/assign`, { template: 'Supervisor' });
    expect([given.status, given.body.roles, given.body.role]).toEqual([200, ['approver', 'employee'], 'approver']);
    expect(given.headers.get('etag')).toBe('"2"');
    expect((await someone.api.get('/api/users')).status).toBe(200);
    const [entry, ...more] = await entriesOf(requestOf(given));
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ entity: 'role_assignment', action: 'assign', entity_id: someone.id });
    expect(entry?.changes).toEqual({ before: { roles: ['employee'] }, after: { roles: ['approver', 'employee'] } });
    const taken = await tenant.admin.api.post(`${admin}/users/${someone.id}/roles/unassign`, { roleId: 'approver' });
    expect([taken.status, taken.body.roles]).toEqual([200, ['employee']]);
    expect((await someone.api.get('/api/users')).status).toBe(403);
  });

  it('E.2 may be given a role twice: nothing changes, and the ledger of changes stays as it is', async () => {
    const again = await tenant.admin.api.post(`${admin}/users/${tenant.employee.id}/roles/assign`, {
      template: 'employee',
    });
    expect([again.status, again.body.version]).toEqual([200, 1]);
    expect(await entriesOf(requestOf(again))).toEqual([]);
  });

  it('is not made an operator, and the last administrator stays', async () => {
    const beyond = await tenant.admin.api.post(`${admin}/users/${tenant.employee.id}/roles/assign`, {
      template: 'platform_admin',
    });
    expect([beyond.status, beyond.body.code, beyond.body.errors[0].pointer]).toEqual([
      403,
      'role_not_grantable',
      '/template',
    ]);
    const last = await tenant.admin.api.post(`${admin}/users/${tenant.admin.id}/roles/unassign`, { template: 'admin' });
    expect([last.status, last.body.code]).toEqual([409, 'last_admin']);
    expect(await rolesOf(tenant.admin.id)).toEqual(['admin']);
  });

  it('of another tenant is like nobody, byte for byte (TEN-01, TEN-03)', async () => {
    for (const action of ['assign', 'unassign']) {
      const call = (id: string) =>
        other.admin.api.post(`${admin}/users/${id}/roles/${action}`, { template: 'approver' });
      const [foreign, nobody] = [await call(tenant.employee.id), await call(randomUUID())];
      expect(foreign.status).toBe(404);
      expect(withoutRequest(foreign)).toBe(withoutRequest(nobody));
      expect((await call(other.employee.id)).status).toBe(200);
    }
    expect(await rolesOf(tenant.employee.id)).toEqual(['employee']);
  });
});

describe('the networks of a tenant', () => {
  it('close every administration route to callers from elsewhere (SEC-40)', async () => {
    const closed = await server.world.tenant(undefined, { allowedNetworks: ['203.0.113.0/24'] });
    const id = closed.employee.id;
    const body = { template: 'approver' };
    const replies = [
      await closed.admin.api.get(`${admin}/role-templates`),
      await closed.admin.api.get(`${admin}/users/search`, { query: { q: 'a' } }),
      await closed.admin.api.post(`${admin}/users/${id}/roles/assign`, body),
      await closed.admin.api.post(`${admin}/users/${id}/roles/unassign`, body),
      await closed.admin.api.post(`${admin}/users/batch/roles/assign`, { userIds: [id], ...body }),
      await closed.admin.api.post(`${admin}/users/batch/roles/unassign`, { userIds: [id], ...body }),
      await closed.admin.api.post(`${admin}/users/batch/resolve`, { emails: ['a@b.test'] }),
      await closed.admin.api.post('/api/users', { name: 'X', role: 'admin' }),
      await closed.admin.api.patch(`/api/users/${id}`, { name: 'X' }),
      await closed.admin.api.delete(`/api/users/${id}`),
      await closed.admin.api.get('/api/attendance/settings'),
    ];
    expect(replies.map((reply) => [reply.status, reply.body.code])).toEqual(replies.map(() => [403, 'IP_RESTRICTED']));
    expect((await closed.employee.api.get(`/api/users/${id}`)).status).toBe(200);
  });
});

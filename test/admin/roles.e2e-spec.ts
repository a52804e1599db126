import { randomUUID } from 'node:crypto';
import { DatabaseSession } from '../../src/database/session';
import type { Reply } from '../support/client';
import { startServer, type TestServer } from '../support/server';
import type { Tenant } from '../support/world';

const admin = '/api/attendance-admin';
let server: TestServer;
let tenant: Tenant;
let other: Tenant;
beforeAll(async () => {
  server = await startServer({ AUTH_PRINCIPAL_CACHE_MS: '60000' });
  [tenant, other] = [await server.world.tenant(), await server.world.tenant()];
});
afterAll(() => server.close());

const rolesOf = async (id: string) =>
  (
    await server.database.sql<{ role: string }>('SELECT role FROM user_roles WHERE user_id = $1 ORDER BY role', [id])
  ).map(({ role }) => role);
const entriesOf = (requestId: string | null) =>
  server.database.sql<{
    action: string;
    entity: string;
    entity_id: string;
    changes: { before: object; after: object };
  }>('SELECT action, entity, entity_id, changes FROM audit_logs WHERE request_id = $1 ORDER BY entity_id', [requestId]);
const requestOf = (reply: Reply) => reply.headers.get('x-request-id');
const withoutRequest = (reply: Reply) => reply.text.replaceAll(/"(requestId|instance)":"[^"]*"/g, '"$1":"…"');

/** People without much ado: a thousand of them would take a while over HTTP. */
async function crowd(size: number, inTenant = tenant): Promise<string[]> {
  const rows = await server.database.sql<{ id: string }>(
    `WITH people AS (INSERT INTO users (tenant_id, name) SELECT $1, 'Crowd ' || n FROM generate_series(1, $2::int) n RETURNING id),
       roles AS (INSERT INTO user_roles (tenant_id, user_id, role) SELECT $1, id, 'employee' FROM people)
     SELECT id FROM people`,
    [inTenant.id, size],
  );
  return rows.map(({ id }) => id);
}

/** The statements of the transaction that changed the roles, by name; other transactions run beside it and do not count. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const spy = jest.spyOn(DatabaseSession.prototype, 'send');
  await work();
  const calls = spy.mock.calls.map(([{ name }], index) => ({ name, session: spy.mock.contexts[index] }));
  spy.mockRestore();
  const { session } = calls.find(({ name }) => name === 'roles.lock_users') ?? {};
  const names = calls.filter((call) => call.session === session).map(({ name }) => name);
  const start = names.lastIndexOf('tx.begin', names.indexOf('roles.lock_users'));
  return names.slice(start, names.indexOf('tx.commit', start) + 1);
}

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

describe('a batch', () => {
  it('counts who was changed, who was not and who is nobody; one entry for each change (ATT-05, AUD-01, TEN-02)', async () => {
    const [a = '', b = ''] = await crowd(2);
    const stranger = other.employee.id;
    const userIds = [a, b.toUpperCase(), a, tenant.approver.id, stranger];
    const reply = await tenant.admin.api.post(`${admin}/users/batch/roles/assign`, { userIds, template: 'MANAGER' });
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({ requested: 4, updated: 2, unchanged: 1, unknown: 1, unknownIds: [stranger] });
    const entries = await entriesOf(requestOf(reply));
    expect(entries.map(({ entity_id }) => entity_id)).toEqual([a, b].sort());
    expect(await rolesOf(stranger)).toEqual(['employee']);
    const back = await tenant.admin.api.post(`${admin}/users/batch/roles/unassign`, { userIds, roleId: 'approver' });
    expect(back.body).toMatchObject({ requested: 4, updated: 3, unchanged: 0, unknown: 1 });
    expect(await rolesOf(a)).toEqual(['employee']);
  });

  it('E.2 that changes nobody leaves the ledger of changes as it is', async () => {
    const reply = await tenant.admin.api.post(`${admin}/users/batch/roles/assign`, {
      userIds: [randomUUID()],
      template: 'employee',
    });
    expect(reply.body).toMatchObject({ updated: 0, unknown: 1 });
    expect(await entriesOf(requestOf(reply))).toEqual([]);
  });

  it('of a thousand takes as many statements as one of ten', async () => {
    const assign = (userIds: string[], key?: string) =>
      tenant.admin.api.post(`${admin}/users/batch/roles/assign`, { userIds, template: 'approver' }, key ? { key } : {});
    await assign(await crowd(1));
    const [ten, thousand] = [await crowd(10), await crowd(1000)];
    const few = await statementsOf(() => assign(ten));
    const many = await statementsOf(async () => {
      expect((await assign(thousand)).body).toMatchObject({ requested: 1000, updated: 1000, unchanged: 0, unknown: 0 });
    });
    expect(many).toEqual(few);
    expect(many).toHaveLength(8);
    expect(await server.database.count('audit_logs', 'entity_id = ANY ($1)', [thousand])).toBe(1000);
  });

  it('is refused whole when malformed, too long, ambiguous, or naming no role (C-15, CON-03)', async () => {
    const id = tenant.employee.id;
    for (const [body, pointer] of [
      [{ userIds: [id, 'u-1'], template: 'approver' }, '/userIds/1'],
      [{ userIds: [], template: 'approver' }, '/userIds'],
      [{ userIds: Array.from({ length: 1001 }, () => id), template: 'approver' }, '/userIds'],
      [{ userIds: [id], template: 'king' }, '/template'],
      [{ userIds: [id], template: 'approver', roleId: 'approver' }, '/template'],
      [{ userIds: [id] }, '/template'],
    ] as const) {
      const reply = await tenant.admin.api.post(`${admin}/users/batch/roles/assign`, body);
      expect([reply.status, reply.body.errors[0].pointer]).toEqual([400, pointer]);
    }
  });

  it('never takes the last administrator away, also when two batches try at once', async () => {
    for (let round = 0; round < 8; round++) {
      const small = await server.world.tenant();
      const deputy = await small.person({ role: 'admin' });
      const both = [small.admin.id, deputy.id];
      const take = (userIds: string[]) =>
        small.admin.api.post(`${admin}/users/batch/roles/unassign`, { userIds, template: 'admin' });
      const whole = await take(both);
      expect([whole.status, whole.body.code]).toEqual([409, 'last_admin']);
      const replies = await Promise.all(both.map((id) => take([id])));
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(await server.database.count('user_roles', `tenant_id = $1 AND role = 'admin'`, [small.id])).toBe(1);
    }
  });

  it('that overlaps others in any order neither deadlocks nor fails (CON-12)', async () => {
    const people = await crowd(60);
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, turn) => {
        const userIds = [...people].sort(() => Math.random() - 0.5);
        return tenant.admin.api.post(`${admin}/users/batch/roles/${turn % 2 ? 'assign' : 'unassign'}`, {
          userIds,
          template: 'approver',
        });
      }),
    );
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    const holders = await server.database.count('user_roles', `user_id = ANY ($1) AND role = 'approver'`, [people]);
    expect([0, 60]).toContain(holders);
  });

  it('with a key happens once (IDM-02)', async () => {
    const userIds = await crowd(3);
    const call = () =>
      tenant.admin.api.post(`${admin}/users/batch/roles/assign`, { userIds, template: 'approver' }, { key: 'batch-1' });
    const [first, again] = [await call(), await call()];
    expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([first.text, 'true']);
    expect(first.body.updated).toBe(3);
  });
});

describe('finding people', () => {
  it('by a part of what they are called, within the tenant (TEN-02)', async () => {
    await other.person({ name: 'Zoë Quixote' });
    const mine = await tenant.person({ name: 'Zoë Quixote' });
    const { body } = await tenant.admin.api.get(`${admin}/users/search`, { query: { q: 'quix', limit: 5 } });
    expect(body.data).toMatchObject([{ id: mine.id, name: 'Zoë Quixote', roles: ['employee'] }]);
    expect((await tenant.admin.api.get(`${admin}/users/search`)).status).toBe(400);
  });

  it('by addresses and employee numbers, each person once; it changes nothing and needs no evidence', async () => {
    const someone = await tenant.person({});
    const [row] = await server.database.sql<{ employee_number: string }>(
      'SELECT employee_number FROM users WHERE id = $1',
      [someone.id],
    );
    const before = await server.database.count('audit_logs');
    const reply = await tenant.admin.api.post(
      `${admin}/users/batch/resolve`,
      {
        emails: [someone.email.toUpperCase(), other.employee.email],
        employeeNumbers: [row?.employee_number, 'nobody'],
      },
      { key: 'resolve-1' },
    );
    expect(reply.status).toBe(200);
    expect(reply.body.resolved).toMatchObject([{ id: someone.id, email: someone.email }]);
    expect(reply.body.unknown).toEqual([other.employee.email, 'nobody']);
    expect(await server.database.count('audit_logs')).toBe(before);
    expect((await tenant.admin.api.post(`${admin}/users/batch/resolve`, {})).status).toBe(400);
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

import { randomUUID } from 'node:crypto';
import { DatabaseSession } from '../../src/database/session';
import { admin, givingRoles, requestOf } from './roles-scene';

const { server, tenant, other, rolesOf, entriesOf } = givingRoles();

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

describe('a batch', () => {
  it('counts who was changed, who was not and who is nobody; one entry for each change (ATT-05, AUD-01, TEN-02)', async () => {
    const [a = '', b = ''] = await crowd(2);
    const stranger = other.employee.id;
    const userIds = [a, b.toUpperCase(), a, tenant.approver.id, stranger];
    const reply = await tenant.admin.api.post(`${admin}/users/batch/roles/assign`, { userIds, template: 'MANAGER' });
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ requested: 4, updated: 2, unchanged: 1, unknown: 1, unknownIds: [stranger] });
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
    expect(many).toHaveLength(9);
    expect(await server.database.count('audit_logs', 'entity_id = ANY ($1)', [thousand])).toBe(1000);
  });

  it('is refused whole when malformed, too long, ambiguous, or naming no role (C-15, CON-03)', async () => {
    const id = tenant.employee.id;
    for (const [body, pointer] of [
      [{ userIds: [id, 'u-1'], template: 'approver' }, '/userIds/1'],
      [{ userIds: [], template: 'approver' }, '/userIds'],
      [{ userIds: Array.from({ length: 5001 }, () => id), template: 'approver' }, '/userIds'],
      [
        {
          userIds: Array.from({ length: 4001 }, () => id),
          emails: Array.from({ length: 1000 }, (_, n) => `${n}@acme.test`),
          template: 'approver',
        },
        '/userIds',
      ],
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

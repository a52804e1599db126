import { randomUUID } from 'node:crypto';
import type { Reply } from '../support/client';
import { tenantForEachTest } from '../support/scene';
import type { Person } from '../support/world';
import { admin, requestOf } from './roles-scene';

const { server, tenant: acme } = tenantForEachTest();

const batch = (action: 'assign' | 'unassign', body: object, by: Person = acme.admin): Promise<Reply> =>
  by.api.post(`${admin}/users/batch/roles/${action}`, { template: 'approver', ...body });
const undo = (id: string, by: Person = acme.admin): Promise<Reply> => by.api.post(`${admin}/role-batches/${id}/undo`);
const rolesOf = async ({ id }: { id: string }) =>
  (
    await server.database.sql<{ role: string }>('SELECT role FROM user_roles WHERE user_id = $1 ORDER BY role', [id])
  ).map(({ role }) => role);
const entries = (reply: Reply) =>
  server.database.count('audit_logs', 'tenant_id = $1 AND request_id = $2', [acme.id, requestOf(reply)]);

/** People with an address, a number, and the role of an employee. */
async function crowd(size: number): Promise<string[]> {
  const rows = await server.database.sql<{ id: string }>(
    `WITH people AS (INSERT INTO users (tenant_id, name, email, employee_number)
         SELECT $1, 'Crowd ' || n, n || '@crowd.test', 'C' || n FROM generate_series(1, $2::int) n RETURNING id),
       roles AS (INSERT INTO user_roles (tenant_id, user_id, role) SELECT $1, id, 'employee' FROM people)
     SELECT id FROM people`,
    [acme.id, size],
  );
  return rows.map(({ id }) => id);
}

describe('a batch of roles', () => {
  it('names people by id, address and employee number; each name has its result, and a person counts once', async () => {
    const [first = '', second = ''] = await crowd(3);
    const unknown = randomUUID();
    const reply = await batch('assign', {
      userIds: [first, unknown],
      emails: ['1@CROWD.test', 'nobody@crowd.test', '3@crowd.test'],
      employeeNumbers: ['C2', 'C99'],
    });
    expect(reply.body).toMatchObject({ requested: 6, updated: 3, unchanged: 0, unknown: 3, unknownIds: [unknown] });
    expect(reply.body.results).toEqual([
      { name: unknown, result: 'unknown' },
      { name: 'nobody@crowd.test', result: 'unknown' },
      { name: 'C99', result: 'unknown' },
      { name: first, userId: first, result: 'updated' },
      { name: '1@crowd.test', userId: first, result: 'updated' },
      { name: '3@crowd.test', userId: expect.any(String) as string, result: 'updated' },
      { name: 'C2', userId: second, result: 'updated' },
    ]);
  });

  it('of five thousand is answered with what somebody has to look at first, replayed, and undone', async () => {
    const userIds = await crowd(5000 - 3);
    const employeeNumbers = ['N1', 'N2', 'N3'];
    const assign = () =>
      acme.admin.api.post(
        `${admin}/users/batch/roles/assign`,
        { userIds, employeeNumbers, template: 'approver' },
        { key: 'crowd' },
      );
    const { status, body, text } = await assign();
    expect([status, body.requested, body.updated, body.unknown]).toEqual([200, 5000, 4997, 3]);
    expect(body.results.slice(0, 3)).toEqual(employeeNumbers.map((name) => ({ name, result: 'unknown' })));
    expect(Number(body.results.length) + Number(body.resultsLeftOut)).toBe(5000);
    expect((await assign()).text).toBe(text);
    expect((await undo(body.batchId as string)).body).toMatchObject({ reverted: 4997, kept: 0 });
    const nobody = Array.from({ length: 5000 }, () => randomUUID());
    expect((await batch('assign', { userIds: nobody })).body).toMatchObject({ updated: 0, unknown: 5000 });
  });

  it('is tried out first: a dry run answers what would change, and changes nothing', async () => {
    const userIds = [acme.employee.id, acme.approver.id];
    const tried = await batch('assign', { userIds, dryRun: true });
    expect(tried.body).toMatchObject({ dryRun: true, updated: 1, unchanged: 1 });
    expect(tried.body.batchId).toBeUndefined();
    expect(await rolesOf(acme.employee)).toEqual(['employee']);
    expect(await entries(tried)).toBe(0);
    expect((await acme.admin.api.get(`${admin}/role-batches`)).body).toEqual({ data: [] });
    const { body } = await batch('assign', { userIds });
    expect({ ...body, batchId: undefined, dryRun: true }).toEqual(tried.body);
  });

  it('is refused when it is tried out as when it is meant: nobody would administer the tenant', async () => {
    const last = { userIds: [acme.admin.id], template: 'admin', dryRun: true };
    expect((await batch('unassign', last)).body.code).toBe('last_admin');
    await acme.person({ role: 'admin' });
    expect((await batch('unassign', last)).body).toMatchObject({ updated: 1 });
    expect(await rolesOf(acme.admin)).toEqual(['admin']);
  });
});

describe('undoing a batch of roles', () => {
  it('takes back from everybody what it gave, with an entry for each; whoever had the role before keeps it', async () => {
    const people = await crowd(20);
    const given = await batch('assign', { userIds: [...people, acme.approver.id] });
    const undone = await undo(given.body.batchId as string);
    expect([undone.status, undone.body]).toMatchObject([
      200,
      { id: given.body.batchId, action: 'assign', role: 'approver', changed: 20, reverted: 20, kept: 0 },
    ]);
    expect(undone.body).toMatchObject({ undoneBy: acme.admin.id, undoneAt: expect.any(String) as string });
    for (const id of people) expect(await rolesOf({ id })).toEqual(['employee']);
    expect(await rolesOf(acme.approver)).toEqual(['approver']);
    expect(await entries(undone)).toBe(20);
  });

  it('gives back what it took', async () => {
    const people = await crowd(3);
    const taken = await batch('unassign', { userIds: people, template: 'employee' });
    expect((await undo(taken.body.batchId as string)).body).toMatchObject({ action: 'unassign', reverted: 3 });
    for (const id of people) expect(await rolesOf({ id })).toEqual(['employee']);
  });

  it('leaves alone whoever somebody else has given the role since', async () => {
    const [a = '', b = '', c = ''] = await crowd(3);
    const given = await batch('assign', { userIds: [a, b, c] });
    await batch('unassign', { userIds: [a, b] });
    await batch('assign', { userIds: [a] });
    expect((await undo(given.body.batchId as string)).body).toMatchObject({ reverted: 1, kept: 2 });
    expect(await Promise.all([a, b, c].map((id) => rolesOf({ id })))).toEqual([
      ['approver', 'employee'],
      ['employee'],
      ['employee'],
    ]);
  });

  it('happens once, for administrators of the tenant, and never takes the last of them away', async () => {
    const deputy = await acme.person({});
    const given = await batch('assign', { userIds: [deputy.id], template: 'admin' });
    const id = given.body.batchId as string;
    const other = await server.world.tenant();
    expect((await undo(id, other.admin)).status).toBe(404);
    expect((await undo(id, acme.approver)).status).toBe(403);
    await server.database.sql(`UPDATE users SET status = 'deactivated' WHERE id = $1`, [acme.admin.id]);
    expect((await undo(id, { ...deputy })).body.code).toBe('last_admin');
    await server.database.sql(`UPDATE users SET status = 'active' WHERE id = $1`, [acme.admin.id]);
    expect((await undo(id)).body).toMatchObject({ reverted: 1 });
    const again = await undo(id);
    expect([again.status, again.body.code]).toEqual([409, 'already_decided']);
  });

  it('is offered in a list of batches, the newest first', async () => {
    const first = (await batch('assign', { userIds: [acme.employee.id] })).body.batchId as string;
    const second = (await batch('unassign', { userIds: [acme.employee.id] })).body.batchId as string;
    await undo(second);
    const page = (await acme.admin.api.get(`${admin}/role-batches`, { query: { limit: 1 } })).body;
    expect(page.data).toMatchObject([{ id: second, action: 'unassign', changed: 1, undoneBy: acme.admin.id }]);
    const query = { limit: 1, cursor: page.nextCursor as string };
    const [older] = (await acme.admin.api.get(`${admin}/role-batches`, { query })).body.data as object[];
    expect(older).toMatchObject({ id: first, role: 'approver', createdBy: acme.admin.id });
    expect(older).not.toHaveProperty('undoneAt');
  });
});

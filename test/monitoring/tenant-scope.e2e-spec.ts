import { Logger } from '@nestjs/common';
import { acrossTenants, statement } from '../../src/database/statement';
import { UnitOfWork } from '../../src/database/unit-of-work';
import { walkStatements } from '../../src/audit/reading/ledger-reading.statements';
import { punch } from '../audit/entries';
import { TestDatabase } from '../support/database';
import { startServer, type TestServer } from '../support/server';
import { until } from '../support/until';
import type { Person, Tenant } from '../support/world';

const list = '/api/audit-logs';
const trail = '/api/admin/audit-logs';
let database: TestDatabase;
let server: TestServer;
let acme: Tenant;
let globex: Tenant;
let operator: Person;
let mighty = '';

/** A server whose login somebody has let past row-level security. */
beforeAll(async () => {
  database = await TestDatabase.create();
  mighty = `mighty_${database.name}`;
  await database.sql(`CREATE ROLE ${mighty} LOGIN BYPASSRLS PASSWORD 'mighty' IN ROLE rollcall_runtime`);
  const asMighty = (url: string) => Object.assign(new URL(url), { username: mighty, password: 'mighty' }).href;
  server = await startServer({}, database, asMighty);
  acme = await server.world.tenant();
  globex = await server.world.tenant();
  operator = await server.world.operator();
});
afterAll(async () => {
  await server.close();
  await database.sql(`DROP ROLE ${mighty}`);
  await database.drop();
});
afterEach(() => {
  jest.restoreAllMocks();
});

const violations = async () => {
  const { text } = await server.stranger.get('/metrics');
  return Number(/^tenant_scope_violations_total (\d+)$/m.exec(text)?.[1]);
};
/** The list of the ledger, as somebody writes it who forgets the tenant. */
function forgetTheTenant(): void {
  const right = walkStatements.tenant.page;
  const text = right.text.replace('tenant_id = $1', '$1::uuid IS NOT NULL');
  jest.replaceProperty(walkStatements.tenant, 'page', {
    ...right,
    name: 'audit.wrong',
    text,
  });
}

describe('a statement that finds rows of another tenant', () => {
  it('TEN-08 (requirement): is counted, logged and told to operators; its answer is withheld', async () => {
    const [theirs = ''] = await punch(globex, 1);
    const errors = jest.spyOn(Logger.prototype, 'error').mockImplementation();
    expect((await acme.admin.api.get(list)).status).toBe(200);
    expect(await violations()).toBe(0);
    forgetTheTenant();
    const { status, text, body, headers } = await acme.admin.api.get(list);
    expect([status, body.code]).toEqual([500, 'internal_error']);
    expect(text).not.toMatch(new RegExp(`${theirs}|${globex.id}|audit.wrong`));
    expect(await violations()).toBe(1);
    expect(errors).toHaveBeenCalledWith('audit.wrong found rows of another tenant; nothing of them was passed on');
    const requestId = headers.get('x-request-id');
    for (const reader of [operator, acme.admin]) {
      const told = async () => {
        const { body } = await reader.api.get(trail, { query: { eventType: 'tenant.violation' } });
        return (body as { data: { requestId: string }[] }).data.find((line) => line.requestId === requestId);
      };
      expect(await until(told, 'the trail is written')).toMatchObject({
        userId: acme.admin.id,
        status: 'failure',
        details: { statusCode: 500, code: 'internal_error', reason: expect.stringMatching(/^audit\.wrong found rows/) },
      });
    }
    expect(JSON.stringify((await globex.admin.api.get(trail)).body)).not.toContain(requestId);
  });

  it('undoes the write that it is part of', async () => {
    const work = server.app.get(UnitOfWork, { strict: false });
    const wrong = statement('test.wrong', 'SELECT u.id, u.tenant_id AS row_tenant FROM users u');
    const rename = statement('test.rename', `UPDATE users SET name = 'Renamed' WHERE tenant_id = $1 AND id = $2`);
    const change = work.write(acme.id, async (tx) => {
      await tx.run(rename, [acme.id, acme.employee.id]);
      return tx.rows(wrong);
    });
    await expect(change).rejects.toMatchObject({ code: 'internal_error' });
    expect(await database.count('users', `name = 'Renamed'`)).toBe(0);
  });

  it('is held against all the tenants of a group, and lets those look across tenants that are made for it', async () => {
    const work = server.app.get(UnitOfWork, { strict: false });
    const text = `SELECT id, tenant_id FROM users WHERE tenant_id = ANY ($1::uuid[])`;
    const [users, everybody] = [statement('test.users', text), acrossTenants('test.everybody', text)];
    const both = [acme.id, globex.id];
    const asked = (tenants: string[], which = users) =>
      work.group(tenants, (tx) => tx.rows<{ tenant_id: string }>(which, [both]));
    expect(new Set((await asked(both)).map((row) => row.tenant_id))).toEqual(new Set(both));
    const before = await violations();
    const alone = work.read(acme.id, (tx) => tx.rows(users, [both]));
    await expect(alone).rejects.toMatchObject({ code: 'internal_error' });
    expect(await violations()).toBe(before + 1);
    expect(await work.read(acme.id, (tx) => tx.rows(everybody, [both]))).toHaveLength(6);
  });

  it('never tells a reader what the rows are held against', async () => {
    const id = acme.employee.id;
    for (const path of [`/api/users/${id}`, '/api/users', '/api/punches', list, trail, '/api/schedules']) {
      const { status, text } = await acme.admin.api.get(path);
      expect([path, status]).toEqual([path, 200]);
      expect(text).not.toContain('row_tenant');
    }
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { madeKey, type MadeKey } from '../api-keys/scene';
import { Client as Api } from '../support/client';
import { TestDatabase } from '../support/database';
import { startServer, type TestServer } from '../support/server';
import { until } from '../support/until';
import type { Tenant } from '../support/world';

/** What is remembered here is remembered for a minute: within a test only a notice of the other replica can make it forget. */
const A_MINUTE_MS = '60000';

let database: TestDatabase;
let folder: string;
let here: TestServer;
let there: TestServer;
let acme: Tenant;
beforeAll(async () => {
  database = await TestDatabase.create();
  folder = await mkdtemp(path.join(os.tmpdir(), 'rollcall-replicas-'));
  const environment = { ROLLCALL_DATA_DIR: folder, CHANGE_NOTICES: 'on', AUTH_PRINCIPAL_CACHE_MS: A_MINUTE_MS };
  here = await startServer(environment, database);
  there = await startServer(environment, database);
});
beforeEach(async () => {
  acme = await here.world.tenant();
  await listening(2);
});
afterAll(async () => {
  await Promise.all([here, there].map((server) => server.close()));
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const listeners = `FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%rollcall_changes%' AND state = 'idle'`;
const listening = (replicas: number) =>
  until(async () => {
    const [row] = await database.sql<{ n: number }>(`SELECT count(*)::int AS n ${listeners}`);
    return row?.n === replicas;
  }, 'the replicas listen');
const statusThere = async (token: string, route = '/api/punches') =>
  (await new Api(there.url, token).get(route)).status;
const becomes = (status: number, token: string, route?: string) =>
  until(async () => (await statusThere(token, route)) === status, `the other replica answers ${status}`);

describe('SEC-16: what one replica changes', () => {
  it('a person who is deactivated is refused by the other one as well', async () => {
    const { id, token } = acme.employee;
    expect(await statusThere(token)).toBe(200);
    expect((await acme.admin.api.delete(`/api/users/${id}`)).status).toBe(200);
    await becomes(401, token);
  });

  it('a role that is given and taken counts on the other one as well', async () => {
    const { id, token } = acme.employee;
    const role = (action: string) =>
      acme.admin.api.post(`/api/attendance-admin/users/${id}/roles/${action}`, { template: 'admin' });
    expect(await statusThere(token, '/api/audit-logs')).toBe(403);
    expect((await role('assign')).status).toBe(200);
    await becomes(200, token, '/api/audit-logs');
    expect((await role('unassign')).status).toBe(200);
    await becomes(403, token, '/api/audit-logs');
  });

  it("a tenant's settings and its suspension hold on the other one as well, and there for nobody else", async () => {
    const other = await here.world.tenant();
    const operator = await here.world.operator();
    const punched = async () => {
      const { id: employeeId, token } = acme.employee;
      return (await new Api(there.url, token).post('/api/punches', { employeeId, type: 'in' })).status;
    };
    expect([await punched(), await statusThere(other.admin.token)]).toEqual([201, 200]);
    expect((await acme.admin.api.put('/api/attendance/settings', { requireIdempotencyKey: true })).status).toBe(200);
    await until(async () => (await punched()) === 400, 'the other replica demands a key');
    expect((await operator.api.patch(`/api/tenants/${acme.id}`, { status: 'deactivated' })).status).toBe(200);
    await becomes(401, acme.employee.token);
    expect(await statusThere(other.admin.token)).toBe(200);
  });

  it('an API key that is rotated or revoked is refused by the other one as well, and its new secret is let in', async () => {
    const { id, key } = await madeKey(here, acme);
    expect(await statusThere(key)).toBe(200);
    const rotated = (await acme.admin.api.post(`/api/api-keys/${id}/rotate`, { overlapSeconds: 0 })).body as MadeKey;
    expect(await statusThere(rotated.key)).toBe(200);
    await becomes(401, key);
    expect((await acme.admin.api.delete(`/api/api-keys/${id}`)).status).toBe(200);
    await becomes(401, rotated.key);
  });

  it('what was changed while the connection was away is looked up once it is back', async () => {
    const { id, token } = acme.employee;
    expect(await statusThere(token)).toBe(200);
    await database.sql('ALTER TABLE users DISABLE TRIGGER users_change_announced'); // nothing is said, as if nobody listened
    expect((await acme.admin.api.delete(`/api/users/${id}`)).status).toBe(200);
    await database.sql('ALTER TABLE users ENABLE TRIGGER users_change_announced');
    expect(await statusThere(token)).toBe(200);
    await database.sql(`SELECT pg_terminate_backend(pid) ${listeners}`);
    await becomes(401, token);
    await listening(2);
  });
});

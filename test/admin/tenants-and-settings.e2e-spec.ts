import { randomUUID } from 'node:crypto';
import { inNewTenant } from '../../src/admin/tenants/bootstrap-tenant';
import { UnitOfWork } from '../../src/database/unit-of-work';
import type { Reply } from '../support/client';
import { startServer, type TestServer } from '../support/server';
import type { Person, Tenant } from '../support/world';

const password = 'correct horse battery';
const operatorsTenant = '00000000-0000-0000-0000-000000000000';
const settingsPath = '/api/attendance/settings';
let server: TestServer;
let operator: Person;
let tenant: Tenant;
let number = 0;
const aSlug = () => `company-${++number}`;
beforeAll(async () => {
  server = await startServer({ AUTH_PRINCIPAL_CACHE_MS: '60000' });
  operator = await server.world.operator();
  tenant = await server.world.tenant();
});
afterAll(() => server.close());

const entriesOf = (entityId: string) =>
  server.database.sql<{
    tenant_id: string;
    entity: string;
    action: string;
    changes: unknown;
    user_id: string;
    request_id: string;
  }>(
    'SELECT tenant_id, entity, action, changes, user_id, request_id FROM audit_logs WHERE entity_id = $1 ORDER BY seq',
    [entityId],
  );

describe('tenants', () => {
  it('are created with their first administrator, who can sign in and sees only their own tenant (AUD-01)', async () => {
    const slug = aSlug();
    const email = `admin@${slug}.test`;
    const made = await operator.api.post('/api/tenants', {
      slug,
      name: 'Company',
      timeZone: 'Asia/Kolkata',
      admin: { email, name: 'First', password },
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ slug, status: 'active', timeZone: 'Asia/Kolkata', version: 1 });
    const read = await operator.api.get(made.headers.get('location') ?? '');
    const { adminId, ...rest } = made.body;
    expect([read.body, read.headers.get('etag')]).toEqual([rest, '"1"']);
    const session = await server.stranger.post('/api/auth/login', { email, password });
    expect([session.status, session.body.user.id]).toEqual([200, adminId]);
    const people = await server.stranger.with(session.body.token).get('/api/users');
    expect(people.body.data.map(({ id }: { id: string }) => id)).toEqual([adminId]);
    const request = { user_id: operator.id, request_id: made.headers.get('x-request-id') };
    expect(await entriesOf(made.body.id)).toMatchObject([{ ...request, entity: 'tenant', tenant_id: operatorsTenant }]);
    const [born, ...more] = await entriesOf(adminId);
    expect(more).toEqual([]);
    expect(born).toMatchObject({ ...request, entity: 'user', action: 'create', tenant_id: made.body.id });
    expect(JSON.stringify(born)).not.toMatch(/scrypt|horse/);
  });

  it('are created whole or not at all, once for each key, and never twice under one name (IDM-27)', async () => {
    const slug = aSlug();
    const body = { slug, name: 'Company', admin: { email: 'a@b.test', name: 'A', password } };
    const post = (key: string) => operator.api.post('/api/tenants', body, { key });
    const [first, again, clash] = [await post('t-1'), await post('t-1'), await post('t-2')];
    expect([first.status, again.text]).toEqual([201, first.text]);
    expect([clash.status, clash.body.code, clash.body.errors[0].pointer]).toEqual([409, 'slug_taken', '/slug']);
    expect((await post('t-2')).text).toBe(clash.text);
    expect(await server.database.count('users', 'tenant_id = $1', [first.body.id])).toBe(1);
    for (const wrong of [
      { slug: 'Upper' },
      { slug: aSlug(), timeZone: 'Mars/Olympus' },
      { slug: aSlug(), status: 'active' },
    ]) {
      expect((await operator.api.post('/api/tenants', { name: 'X', ...wrong })).status).toBe(400);
    }
  });

  it('are nobody else’s business (SEC-18)', async () => {
    for (const by of [tenant.admin, tenant.approver, tenant.employee]) {
      const replies = [
        await by.api.get('/api/tenants'),
        await by.api.get(`/api/tenants/${tenant.id}`),
        await by.api.post('/api/tenants', { slug: aSlug(), name: 'Mine' }),
        await by.api.patch(`/api/tenants/${tenant.id}`, { name: 'Mine' }),
      ];
      expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    }
  });

  it('give nothing away to somebody inside a tenant who was made an operator by mistake', async () => {
    const strayed = await tenant.person({ role: 'platform_admin' });
    expect((await strayed.api.get('/api/tenants')).status).toBe(403);
    expect((await strayed.api.post('/api/tenants', { slug: aSlug(), name: 'Mine' })).status).toBe(403);
    expect((await strayed.api.get('/api/users')).body.data).toEqual([]);
    expect((await strayed.api.post('/api/users', { name: 'X', role: 'platform_admin' })).status).toBe(403);
  });

  it('refuse their people at once when deactivated, and let them in again (SEC-16)', async () => {
    const closing = await server.world.tenant();
    expect((await closing.admin.api.get('/api/users')).status).toBe(200);
    const path = `/api/tenants/${closing.id}`;
    const closed = await operator.api.patch(path, { status: 'deactivated' }, { headers: { 'if-match': '"1"' } });
    expect([closed.status, closed.body.status, closed.body.version]).toEqual([200, 'deactivated', 2]);
    expect((await closing.admin.api.get('/api/users')).status).toBe(401);
    expect((await operator.api.patch(path, { status: 'active' }, { headers: { 'if-match': '"1"' } })).status).toBe(412);
    await operator.api.patch(path, { status: 'active' });
    expect((await closing.admin.api.get('/api/users')).status).toBe(200);
    expect((await entriesOf(closing.id)).map(({ changes }) => changes)).toEqual([
      { before: { status: 'active' }, after: { status: 'deactivated' } },
      { before: { status: 'deactivated' }, after: { status: 'active' } },
    ]);
  });

  it('do not include the platform, which could lock out every operator', async () => {
    const platform = `/api/tenants/${operatorsTenant}`;
    expect((await operator.api.patch(platform, { status: 'deactivated' })).status).toBe(404);
    expect((await operator.api.get(platform)).status).toBe(404);
    expect((await operator.api.get(`/api/tenants/${randomUUID()}`)).status).toBe(404);
    expect((await operator.api.delete(`/api/tenants/${tenant.id}`)).status).toBe(405);
  });

  it('can be entered from outside by nobody, not even by the platform, once they exist (TEN-15)', async () => {
    const work = server.app.get(UnitOfWork, { strict: false });
    const neighbour = await server.world.tenant();
    const inside = jest.fn(() => Promise.resolve());
    for (const from of [operatorsTenant, neighbour.id]) {
      await expect(work.write(from, (tx) => inNewTenant(tx, tenant.id, inside))).rejects.toThrow();
    }
    expect(inside).not.toHaveBeenCalled();
  });

  it('are listed page by page by their short names', async () => {
    const slugs: string[] = [];
    let cursor: string | undefined;
    do {
      const page: Reply = await operator.api.get('/api/tenants', {
        query: { limit: 2, ...(cursor ? { cursor } : {}) },
      });
      slugs.push(...page.body.data.map(({ slug }: { slug: string }) => slug));
      cursor = page.body.nextCursor;
    } while (cursor);
    expect(slugs).toContain(tenant.slug);
    expect(slugs).not.toContain('platform');
    expect([...new Set(slugs)].sort()).toEqual(slugs);
  });
});

describe('operators', () => {
  it('see their own kind, and the last one stays', async () => {
    const listed = await operator.api.get('/api/users');
    expect(listed.body.data).toMatchObject([{ id: operator.id, roles: ['platform_admin'] }]);
    expect((await operator.api.delete(`/api/users/${operator.id}`)).body.code).toBe('last_admin');
    expect((await operator.api.get(settingsPath)).status).toBe(403);
  });
});

describe('settings', () => {
  it('are read as they are in force, with a version (CON-07)', async () => {
    const fresh = await server.world.tenant();
    const { status, body, headers } = await fresh.admin.api.get(settingsPath);
    expect([status, headers.get('etag')]).toEqual([200, '"1"']);
    expect(body).toMatchObject({
      allowedNetworks: [],
      punchTooSoonSeconds: 5,
      presenceTimeoutHours: 16,
      requireIdempotencyKey: false,
    });
  });

  it('are replaced whole, take effect at once, and leave what changed in the ledger (AUD-07)', async () => {
    const fresh = await server.world.tenant();
    const saved = await fresh.admin.api.put(settingsPath, { requireIdempotencyKey: true });
    expect([saved.status, saved.body.requireIdempotencyKey, saved.headers.get('etag')]).toEqual([200, true, '"2"']);
    expect((await fresh.admin.api.get(settingsPath)).body).toEqual(saved.body);
    const keyless = await fresh.admin.api.post('/api/users', { name: 'X', role: 'employee' });
    expect([keyless.status, keyless.body.code]).toEqual([400, 'idempotency_key_required']);
    expect((await fresh.admin.api.put(settingsPath, {}, { key: 'back' })).status).toBe(200);
    expect((await entriesOf(fresh.id)).map(({ changes }) => changes)).toEqual([
      { before: { requireIdempotencyKey: false }, after: { requireIdempotencyKey: true } },
      { before: { requireIdempotencyKey: true }, after: { requireIdempotencyKey: false } },
    ]);
  });

  it('refuse a lost race, a malformed network and an unknown member (SEC-40, CON-03)', async () => {
    const fresh = await server.world.tenant();
    const put = (body: unknown, headers = {}) => fresh.admin.api.put(settingsPath, body, { headers });
    expect((await put({ punchTooSoonSeconds: 9 }, { 'if-match': '"1"' })).status).toBe(200);
    expect((await put({ punchTooSoonSeconds: 7 }, { 'if-match': '"1"' })).status).toBe(412);
    for (const [body, pointer] of [
      [{ allowedNetworks: ['127.0.0.0/8', '10.0.0.0/33'] }, '/allowedNetworks/1'],
      [{ allowedNetworks: ['10.1/16'] }, '/allowedNetworks/0'],
      [{ punchTooSoonSeconds: 3601 }, '/punchTooSoonSeconds'],
      [{ tenantId: tenant.id }, '/tenantId'],
    ] as const) {
      const reply = await put(body);
      expect([reply.status, reply.body.errors[0].pointer]).toEqual([400, pointer]);
    }
    expect((await fresh.admin.api.get(settingsPath)).body.punchTooSoonSeconds).toBe(9);
  });

  it('let nobody lock themselves out, and say what to do instead (SEC-40)', async () => {
    const fresh = await server.world.tenant();
    const refused = await fresh.admin.api.put(settingsPath, { allowedNetworks: ['203.0.113.0/24'] });
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    expect(refused.body.errors[0]).toMatchObject({ pointer: '/allowedNetworks', code: 'own_address_missing' });
    expect(refused.body.detail).toContain('127.0.0.1');
    const saved = await fresh.admin.api.put(settingsPath, { allowedNetworks: ['203.0.113.0/24', '127.0.0.0/8'] });
    expect(saved.status).toBe(200);
    expect((await fresh.admin.api.get(settingsPath)).status).toBe(200);
  });

  it('belong to the administrators of one tenant (SEC-18, TEN-05)', async () => {
    for (const by of [tenant.employee, tenant.approver]) {
      expect((await by.api.get(settingsPath)).status).toBe(403);
      expect((await by.api.put(settingsPath, {})).status).toBe(403);
    }
    const neighbour = await server.world.tenant();
    await tenant.admin.api.put(settingsPath, { punchTooSoonSeconds: 60 }, { headers: { 'x-tenant-id': neighbour.id } });
    expect((await neighbour.admin.api.get(settingsPath)).body.punchTooSoonSeconds).toBe(5);
    expect((await tenant.admin.api.get(settingsPath)).body.punchTooSoonSeconds).toBe(60);
  });
});

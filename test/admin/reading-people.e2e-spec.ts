import { randomUUID } from 'node:crypto';
import type { Reply } from '../support/client';
import { tenantForFile, tenantOf } from '../support/scene';
import type { Person } from '../support/world';

const { server, tenant } = tenantForFile();
const other = tenantOf(server);

/** A refusal without what names the request: its id, and the path that was asked for. */
const withoutRequest = (reply: Reply) => reply.text.replaceAll(/"(requestId|instance)":"[^"]*"/g, '"$1":"…"');

describe('reading people', () => {
  it('shows everybody themselves, approvers their unit, administrators all (SEC-18)', async () => {
    const unit = randomUUID();
    const small = await server.world.tenant();
    const boss = await small.person({ role: 'approver', orgUnitId: unit });
    const [inside, outside] = [
      await small.person({ orgUnitId: unit }),
      await small.person({ orgUnitId: randomUUID() }),
    ];
    const listed = async (by: Person) =>
      (await by.api.get('/api/users')).body.data.map(({ id }: { id: string }) => id).sort();
    expect(await listed(boss)).toEqual([boss.id, inside.id].sort());
    expect(await listed(small.admin)).toHaveLength(6);
    expect((await inside.api.get('/api/users')).status).toBe(403);
    const statusFor = async (by: Person, whom: Person) => (await by.api.get(`/api/users/${whom.id}`)).status;
    expect(await statusFor(inside, inside)).toBe(200);
    expect(await statusFor(inside, boss)).toBe(404);
    expect(await statusFor(boss, inside)).toBe(200);
    expect(await statusFor(boss, outside)).toBe(404);
  });

  it('pages without repeating or missing anybody, and filters by text, role and status', async () => {
    const small = await server.world.tenant();
    for (const name of ['Ångström', 'Under_score', 'Per%cent', 'Plain']) await small.person({ name });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page: Reply = await small.admin.api.get('/api/users', {
        query: { limit: 3, ...(cursor ? { cursor } : {}) },
      });
      seen.push(...page.body.data.map(({ id }: { id: string }) => id));
      cursor = page.body.nextCursor;
    } while (cursor);
    expect([seen.length, new Set(seen).size]).toEqual([7, 7]);
    const names = async (query: Record<string, string>) =>
      (await small.admin.api.get('/api/users', { query })).body.data.map(({ name }: { name: string }) => name);
    expect(await names({ q: 'ÅNG' })).toEqual(['Ångström']);
    expect(await names({ q: '_' })).toEqual(['Under_score']);
    expect(await names({ q: '%' })).toEqual(['Per%cent']);
    expect((await small.admin.api.get('/api/users?q=%00')).status).toBe(400);
    expect(await names({ role: 'Tenant_Admin' })).toEqual([small.admin.name]);
    await small.admin.api.delete(`/api/users/${small.employee.id}`);
    expect(await names({ status: 'deactivated' })).toEqual([small.employee.name]);
    expect(await names({ q: small.employee.name })).toEqual([]);
  });

  it('takes a cursor back from nobody else and for nothing else (TEN-02)', async () => {
    const { nextCursor: cursor } = (await tenant.admin.api.get('/api/users', { query: { limit: 1 } })).body;
    for (const [by, query] of [
      [other.admin, { cursor }],
      [tenant.approver, { cursor }],
      [tenant.admin, { cursor, q: 'a' }],
    ] as const) {
      expect((await by.api.get('/api/users', { query })).body.code).toBe('cursor_invalid');
    }
  });
});

describe("another tenant's person", () => {
  it('is answered like nobody, byte for byte, by every route (TEN-01, TEN-03, TEN-20)', async () => {
    const victim = await tenant.person({});
    const calls: ((by: Person, id: string) => Promise<Reply>)[] = [
      (by, id) => by.api.get(`/api/users/${id}`),
      (by, id) => by.api.patch(`/api/users/${id}`, { name: 'Mine now' }),
      (by, id) => by.api.delete(`/api/users/${id}`),
    ];
    for (const call of calls) {
      const [foreign, nobody, malformed] = [
        await call(other.admin, victim.id),
        await call(other.admin, randomUUID()),
        await call(other.admin, 'u-1'),
      ];
      expect(foreign.status).toBe(404);
      expect(withoutRequest(foreign)).toBe(withoutRequest(nobody));
      expect(withoutRequest(malformed)).toBe(withoutRequest(nobody));
      expect((await call(tenant.admin, victim.id)).status).toBe(200);
    }
    const [row] = await server.database.sql('SELECT name FROM users WHERE id = $1', [victim.id]);
    expect(row?.['name']).toBe('Mine now'); // by the tenant's own administrator, in the positive control
    expect((await other.admin.api.get('/api/users', { query: { status: 'all', limit: 200 } })).text).not.toContain(
      victim.id,
    );
  });

  it('is not reached by a header either (TEN-05)', async () => {
    const victim = await tenant.person({});
    const headers = { 'x-tenant-id': tenant.id };
    expect((await other.admin.api.get(`/api/users/${victim.id}`, { headers })).status).toBe(404);
    const operator = await server.world.operator();
    expect((await operator.api.get(`/api/users/${victim.id}`, { headers })).status).toBe(404);
  });
});

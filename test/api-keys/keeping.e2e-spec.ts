import { KeyUses } from '../../src/auth/key-uses';
import { tenantForEachTest } from '../support/scene';
import { everything, keyBody, keyOf, madeKey } from './scene';

/** What is remembered of a caller is remembered for a minute: what holds at once here does so because it was told. */
const { server, tenant: acme } = tenantForEachTest({ AUTH_PRINCIPAL_CACHE_MS: '60000' });

const path = '/api/api-keys';
const asked = async (api: { get(path: string): Promise<{ status: number }> }) => (await api.get('/api/punches')).status;
const deeds = (id: string) =>
  server.database.sql<{ action: string; user_id: string; text: string }>(
    'SELECT action, user_id, audit_logs::text AS text FROM audit_logs WHERE entity_id = $1 ORDER BY seq',
    [id],
  );

describe('an API key', () => {
  it('is shown once: stored as a hash, with its beginning visible, and in no line of the ledger', async () => {
    const reply = await acme.admin.api.post(path, keyBody(), { key: 'the same' });
    expect(reply.status).toBe(201);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    const { id, key, prefix } = keyOf(server, reply);
    expect(key.startsWith(`${prefix}_`)).toBe(true);
    const again = await acme.admin.api.post(path, keyBody(), { key: 'the same' });
    expect([again.status, (again.body as { key: string }).key === key]).toEqual([201, false]);
    const read = await acme.admin.api.get(`${path}/${id}`);
    expect(read.body).toMatchObject({ id, prefix, status: 'active', holders: [acme.admin.id], version: 1 });
    const rows = await server.database.sql<{ text: string }>(
      `SELECT k::text AS text FROM api_keys k UNION ALL SELECT i::text || encode(i.body, 'escape') FROM idempotency_keys i
       UNION ALL SELECT a::text FROM audit_logs a`,
    );
    const secret = key.slice(prefix.length + 1);
    for (const text of [read.text, ...rows.map((row) => row.text)]) expect(text).not.toContain(secret);
    expect(await deeds(id)).toMatchObject([{ action: 'create', user_id: acme.admin.id }]);
  });

  it('is listed with the others of its tenant, a page at a time, revoked ones where they are asked for', async () => {
    const [first, second, gone] = [
      await madeKey(server, acme),
      await madeKey(server, acme),
      await madeKey(server, acme),
    ];
    await acme.admin.api.delete(`${path}/${gone.id}`);
    const idsOf = (body: unknown) => (body as { data: { id: string }[] }).data.map(({ id }) => id);
    const page = await acme.admin.api.get(path, { query: { limit: 1 } });
    expect(idsOf(page.body)).toEqual([first.id]);
    const { nextCursor } = page.body as { nextCursor: string };
    expect(idsOf((await acme.admin.api.get(path, { query: { limit: 1, cursor: nextCursor } })).body)).toEqual([
      second.id,
    ]);
    expect(idsOf((await acme.admin.api.get(path, { query: { status: 'revoked' } })).body)).toEqual([gone.id]);
    expect(idsOf((await acme.admin.api.get(path, { query: { status: 'all' } })).body)).toHaveLength(3);
  });

  it('holds no more than whoever makes it, never the platform, and no unit beside what reaches the whole tenant', async () => {
    const clerk = await acme.person({ role: 'payroll' });
    const pointersOf = ({ body }: { body: unknown }) =>
      (body as { code: string; errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer);
    const payroll = await acme.admin.api.post(path, keyBody({ permissions: ['attendance:payroll'] }));
    expect([payroll.status, pointersOf(payroll)]).toEqual([403, ['/permissions']]);
    expect((await clerk.api.post(path, keyBody({ permissions: ['attendance:payroll'] }))).status).toBe(403);
    const faulty: [object, string][] = [
      [{ permissions: ['platform:admin'] }, '/permissions/0'],
      [{ permissions: [] }, '/permissions'],
      [{ permissions: ['attendance:read', 'attendance:read'] }, '/permissions'],
      [{ orgUnitId: acme.id }, '/orgUnitId'],
      [{ expiresAt: undefined }, '/expiresAt'],
      [{ expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'],
      [{ allowedNetworks: ['10.0.0.0/33'] }, '/allowedNetworks/0'],
      [{ name: ' ' }, '/name'],
    ];
    for (const [body, pointer] of faulty) {
      const reply = await acme.admin.api.post(path, keyBody(body));
      expect([reply.status, pointersOf(reply)]).toEqual([400, [pointer]]);
    }
  });

  it('is changed at once: its rights, its networks and its end', async () => {
    const { id, api } = await madeKey(server, acme);
    expect(await asked(api)).toBe(200);
    const change = async (body: object) => (await acme.admin.api.patch(`${path}/${id}`, body)).status;
    expect(await change({ permissions: ['attendance:write'] })).toBe(200);
    expect(await asked(api)).toBe(403);
    expect(await change({ permissions: everything, allowedNetworks: ['203.0.113.0/24'] })).toBe(200);
    const elsewhere = await api.get('/api/punches');
    expect([elsewhere.status, (elsewhere.body as { code: string }).code]).toEqual([403, 'IP_RESTRICTED']);
    expect(await change({ allowedNetworks: ['127.0.0.0/8'] })).toBe(200);
    expect(await asked(api)).toBe(200);
    expect(await change({ permissions: ['attendance:payroll'] })).toBe(403);
    await server.database.sql(`UPDATE api_keys SET expires_at = now() - interval '1 s' WHERE id = $1`, [id]);
    expect(await change({ name: 'Expired' })).toBe(200);
    expect(await asked(api)).toBe(401);
    expect((await acme.admin.api.get(`${path}/${id}`)).body).toMatchObject({ status: 'expired', name: 'Expired' });
    expect((await deeds(id)).map(({ action }) => action)).toEqual(['create', 'update', 'update', 'update', 'update']);
  });

  it('AUD-05: is rotated with an overlap, stays who it is, and counts whoever was shown the new secret as a holder', async () => {
    const other = await acme.person({ role: 'admin' });
    const old = await madeKey(server, acme);
    expect(await asked(old.api)).toBe(200);
    const rotate = async (body: object) => keyOf(server, await other.api.post(`${path}/${old.id}/rotate`, body));
    const next = await rotate({ overlapSeconds: 600 });
    expect([next.id, next.key === old.key, await asked(old.api), await asked(next.api)]).toEqual([
      old.id,
      false,
      200,
      200,
    ]);
    const { body } = await acme.admin.api.get(`${path}/${old.id}`);
    const { holders, formerUntil } = body as { holders: string[]; formerUntil: string };
    expect(holders).toEqual([acme.admin.id, other.id]);
    expect(Date.parse(formerUntil)).toBeGreaterThan(Date.now());
    const last = await rotate({ overlapSeconds: 0 });
    expect([await asked(old.api), await asked(next.api), await asked(last.api)]).toEqual([401, 401, 200]);
    await rotate({ overlapSeconds: 600 });
    await server.database.sql(`UPDATE api_keys SET former_until = now() - interval '1 s' WHERE id = $1`, [old.id]);
    await acme.admin.api.patch(`${path}/${old.id}`, { name: 'Overlap over' });
    expect(await asked(last.api)).toBe(401);
    const entries = await deeds(old.id);
    expect(entries[1]).toMatchObject({ action: 'update', user_id: other.id });
    expect(entries[1]?.text).toContain(next.prefix);
  });

  it('is not rotated by whoever could not make it, since they would be shown what it opens', async () => {
    const { id } = await madeKey(server, acme);
    await server.database.sql(`UPDATE api_keys SET permissions = '{attendance:payroll}' WHERE id = $1`, [id]);
    const refused = await acme.admin.api.post(`${path}/${id}/rotate`);
    expect([refused.status, (refused.body as { code: string }).code]).toEqual([403, 'permission_not_grantable']);
  });

  it('is revoked at once and for ever, with evidence', async () => {
    const { id, api } = await madeKey(server, acme);
    expect(await asked(api)).toBe(200);
    expect((await acme.admin.api.delete(`${path}/${id}`, undefined, { headers: { 'if-match': '"7"' } })).status).toBe(
      412,
    );
    const revoked = await acme.admin.api.delete(`${path}/${id}`);
    expect([revoked.status, (revoked.body as { status: string }).status]).toEqual([200, 'revoked']);
    expect([await asked(api), await asked(api)]).toEqual([401, 401]);
    expect((await acme.admin.api.delete(`${path}/${id}`)).status).toBe(409);
    expect((await acme.admin.api.patch(`${path}/${id}`, { name: 'Back' })).status).toBe(409);
    expect((await acme.admin.api.post(`${path}/${id}/rotate`)).status).toBe(409);
    expect((await deeds(id)).map(({ action }) => action)).toEqual(['create', 'delete']);
  });

  it('is refused while its tenant is suspended, and let in again', async () => {
    const { api } = await madeKey(server, acme);
    const operator = await server.world.operator();
    const set = (status: string) => operator.api.patch(`/api/tenants/${acme.id}`, { status });
    expect(await asked(api)).toBe(200);
    expect((await set('deactivated')).status).toBe(200);
    expect(await asked(api)).toBe(401);
    expect((await set('active')).status).toBe(200);
    expect(await asked(api)).toBe(200);
  });

  it('says when it was last used, which no call waits for', async () => {
    const { id, api } = await madeKey(server, acme);
    const lastUse = async () =>
      ((await acme.admin.api.get(`${path}/${id}`)).body as { lastUsedAt?: string }).lastUsedAt;
    expect(await lastUse()).toBeUndefined();
    await api.get('/api/punches');
    expect(await lastUse()).toBeUndefined();
    await server.app.get(KeyUses, { strict: false }).flush();
    expect(Math.abs(Date.parse((await lastUse()) ?? '') - Date.now())).toBeLessThan(60_000);
    expect((await acme.admin.api.get(`${path}/${id}`)).body).toMatchObject({ version: 1 });
  });
});

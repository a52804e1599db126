import { setTimeout as sleep } from 'node:timers/promises';
import { tenantForEachTest } from '../support/scene';
import type { Reply } from '../support/client';
import type { Tenant } from '../support/world';
import { aKey, expectReplay, isReplay, minutesAgo, once, recorded, tap, terminalPunch, traces } from './scene';

const { server, tenant: acme } = tenantForEachTest();

const leaves = (tenant = acme) => traces(server.database, tenant);

describe('a repetition', () => {
  it('IDM-01 IDM-02: is answered byte for byte like the first one, says so, and has no effect of its own', async () => {
    const key = aKey();
    const first = await tap(acme, key);
    expect([first.status, first.headers.has('idempotent-replayed')]).toEqual([201, false]);
    expect(await leaves()).toEqual(once);
    await sleep(1100); // Date has whole seconds
    const again = await tap(acme, key);
    expectReplay(again, first);
    expect(again.headers.get('date')).not.toBe(first.headers.get('date'));
    expect(again.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    expect(await leaves()).toEqual(once);
  });

  it('IDM-03: with another body is refused, and the kept answer stays what it was', async () => {
    const key = aKey();
    const first = await tap(acme, key);
    const other = await tap(acme, key, { type: 'out' });
    expect([other.status, other.body.code, isReplay(other)]).toEqual([422, 'idempotency_key_reused', false]);
    expect(other.headers.get('content-type')).toContain('application/problem+json');
    expectReplay(await tap(acme, key), first);
    expect(await leaves()).toEqual(once);
  });

  it('IDM-10: without a key is a second request, and nothing speaks of keys', async () => {
    const tell = () => acme.admin.api.post('/api/punches', terminalPunch(acme.employee));
    const replies = [await tell(), await tell()];
    expect(replies.map((reply) => [reply.status, isReplay(reply)])).toEqual([
      [201, false],
      [201, false],
    ]);
    expect(await leaves()).toEqual({ punches: 2, entries: 2, keys: 0 });
  });

  it('IDM-48: of a batch with a bad row gets the same results row by row', async () => {
    const told = (minutes: number) => ({ employeeId: acme.employee.id, type: 'in', timestamp: minutesAgo(minutes) });
    const body = { punches: [told(300), told(200), { ...told(100), employeeId: acme.id }, told(50)] };
    const send = (key: string) => acme.admin.api.post('/api/punches/batch', body, { key });
    const key = aKey();
    const first = await send(key);
    expect(first.body.counts).toEqual({ created: 3, duplicate: 0, refused: 1 });
    expectReplay(await send(key), first);
    expect(await leaves()).toEqual({ punches: 3, entries: 3, keys: 1 });
  });

  it('is the same for an answer of a thousand rows, which is kept packed', async () => {
    const punches = Array.from({ length: 1000 }, (_, i) => ({
      employeeId: acme.employee.id,
      type: i % 2 === 0 ? 'in' : 'out',
      timestamp: minutesAgo(100_000 - i * 60),
    }));
    const key = aKey();
    const first = await acme.admin.api.post('/api/punches/batch', { punches }, { key });
    expect(first.body.counts.created).toBe(1000);
    expectReplay(await acme.admin.api.post('/api/punches/batch', { punches }, { key }), first);
  });
});

describe('the same request', () => {
  const raw = (tenant: Tenant, key: string, latitude: string, type = '"in"') => {
    const { id } = tenant.employee;
    const body = `{"employeeId":"${id}","type":${type},"source":"terminal","latitude":${latitude}}`;
    return tenant.admin.api.post('/api/punches', body, { key });
  };

  it('IDM-05: is one whose numbers are the same, however they are written', async () => {
    const key = aKey();
    const first = await raw(acme, key, '1');
    for (const spelling of ['1.0', '1e0', '10e-1']) expectReplay(await raw(acme, key, spelling), first);
    expect((await raw(acme, key, '1.5')).status).toBe(422);
    expect((await raw(acme, key, '9007199254740993')).status).toBe(400);
    expect(await leaves()).toEqual(once);
  });

  it('IDM-06: is one whose texts are the same, escaped or not, in any order of the fields', async () => {
    const key = aKey();
    const first = await raw(acme, key, '1');
    expectReplay(await raw(acme, key, '1', String.raw`"i\u006e"`), first);
    const turned = { latitude: 1, source: 'terminal', type: 'in', employeeId: acme.employee.id };
    expectReplay(await acme.admin.api.post('/api/punches', turned, { key }), first);
    expect(await leaves()).toEqual(once);
  });

  it('IDM-08: is one with the same query, in any order; another query is another request', async () => {
    const key = aKey();
    const send = (query: string): Promise<Reply> =>
      acme.admin.api.post(`/api/punches?${query}`, terminalPunch(acme.employee), { key });
    const first = await send('a=1&b=2');
    expect(first.status).toBe(201);
    expectReplay(await send('b=2&a=1'), first);
    expect((await send('a=2')).status).toBe(422);
    expect(await leaves()).toEqual(once);
  });
});

describe('the scope of a key', () => {
  it('IDM-07: is the endpoint: the same key elsewhere is another key', async () => {
    const [one, two] = [await recorded(acme, 600), await recorded(acme, 300)];
    const key = aKey();
    const correct = (path: string) =>
      acme.admin.api.patch(path, { type: 'out', reason: 'Pressed the wrong button' }, { key });
    const replies = [await correct(one.path), await correct(two.path), await tap(acme, key)];
    expect(replies.map((reply) => [reply.status, isReplay(reply)])).toEqual([
      [200, false],
      [200, false],
      [201, false],
    ]);
    expect(await leaves()).toEqual({ punches: 5, entries: 5, keys: 3 });
  });

  it('IDM-15: is the tenant: two tenants with one key know nothing of each other', async () => {
    const globex = await server.world.tenant();
    const key = aKey();
    const replies = [await tap(acme, key), await tap(globex, key)];
    expect(replies.map((reply) => [reply.status, isReplay(reply), reply.body.employeeId])).toEqual([
      [201, false, acme.employee.id],
      [201, false, globex.employee.id],
    ]);
    expect([await leaves(acme), await leaves(globex)]).toEqual([once, once]);
  });

  it('IDM-16: is the caller: two people of one tenant with one key both execute', async () => {
    const other = await acme.person({ role: 'admin' });
    const key = aKey();
    const first = await tap(acme, key);
    const second = await other.api.post('/api/punches', terminalPunch(acme.employee), { key });
    expect([second.status, isReplay(second), second.text === first.text]).toEqual([201, false, false]);
    expect(await leaves()).toEqual({ punches: 2, entries: 2, keys: 2 });
  });
});

describe('other verbs', () => {
  it('IDM-40: DELETE twice answers twice with what was deleted', async () => {
    const { path } = await recorded(acme);
    const key = aKey();
    const remove = (by: string) => acme.admin.api.delete(path, { reason: 'Punched for the wrong person' }, { key: by });
    const first = await remove(key);
    expect([first.status, first.body.status]).toEqual([200, 'deleted']);
    expectReplay(await remove(key), first);
    expect((await remove(aKey())).body.code).toBe('punch_not_active');
    expect(await leaves()).toEqual({ punches: 1, entries: 2, keys: 2 });
  });

  it('IDM-41: a change under If-Match is replayed after the version moved on, not refused', async () => {
    const path = `/api/users/${acme.employee.id}`;
    const rename = (name: string, version: string, key: string) =>
      acme.admin.api.patch(path, { name }, { key, headers: { 'if-match': version } });
    const key = aKey();
    const first = await rename('Anna', '"1"', key);
    expect(first.status).toBe(200);
    expect((await rename('Anna B.', first.headers.get('etag') ?? '', aKey())).status).toBe(200);
    expectReplay(await rename('Anna', '"1"', key), first);
    expect((await rename('Anna', '"1"', aKey())).status).toBe(412);
    expect((await acme.admin.api.get(path)).body.name).toBe('Anna B.');
  });

  it('IDM-03: the same change of another version, or of any, is another request', async () => {
    const rename = (headers: Record<string, string>, key: string) =>
      acme.admin.api.patch(`/api/users/${acme.employee.id}`, { name: 'Anna' }, { key, headers });
    const [bound, free] = [aKey(), aKey()];
    const first = await rename({ 'if-match': '"1"' }, bound);
    expect([first.status, (await rename({}, free)).status]).toEqual([200, 200]);
    for (const [headers, key] of [
      [{ 'if-match': '"2"' }, bound],
      [{}, bound],
      [{ 'if-match': '"1"' }, free],
    ] as const) {
      const other = await rename(headers, key);
      expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
    }
    expectReplay(await rename({ 'if-match': '"1"' }, bound), first);
  });

  it('IDM-42: GET does not know keys', async () => {
    const key = aKey();
    const read = () => acme.admin.api.get('/api/punches', { key });
    const before = await read();
    await tap(acme, key);
    const after = await read();
    expect([before.body.data.length, after.body.data.length, isReplay(after)]).toEqual([0, 1, false]);
    expect((await acme.admin.api.get('/api/punches', { key: 'x'.repeat(300) })).status).toBe(200);
    expect(await leaves()).toEqual(once);
  });

  it('creating a person twice makes one person', async () => {
    const key = aKey();
    const create = () =>
      acme.admin.api.post('/api/users', { name: 'Berta', email: 'berta@example.test', role: 'employee' }, { key });
    const first = await create();
    expect(first.status).toBe(201);
    expectReplay(await create(), first);
    expect(await server.database.count('users', "tenant_id = $1 AND name = 'Berta'", [acme.id])).toBe(1);
  });
});

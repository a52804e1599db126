import { randomUUID } from 'node:crypto';
import type { TestServer } from '../support/server';
import { sharedServer } from '../support/shared-server';
import type { Tenant } from '../support/world';
import { type Entry, punch } from './entries';

let server: TestServer;
let acme: Tenant;
let globex: Tenant;
const list = '/api/audit-logs';
const search = '/api/attendance-admin/audit-logs';

beforeAll(async () => {
  server = await sharedServer();
  acme = await server.world.tenant('acme');
  globex = await server.world.tenant('globex', { allowedNetworks: ['192.0.2.0/24'] });
});
afterAll(() => server.close());

async function pages(tenant: Tenant, query: Record<string, string | number>, between?: () => Promise<unknown>) {
  const found: Entry[] = [];
  let cursor: Record<string, string> = {};
  for (;;) {
    const { status, body } = await tenant.admin.api.get(list, { query: { ...query, ...cursor } });
    expect(status).toBe(200);
    const page = body as { data: Entry[]; nextCursor?: string };
    found.push(...page.data);
    if (page.nextCursor === undefined) return found;
    cursor = { cursor: page.nextCursor };
    await between?.();
  }
}

it('shows an entry as the contract says, alone as in the list', async () => {
  const [id] = await punch(acme, 1);
  const { body } = await acme.admin.api.get(list, { query: { entityId: id ?? '' } });
  const [entry] = (body as { data: Entry[] }).data;
  expect(entry).toEqual({
    id: expect.any(String) as string,
    entity: 'Punch',
    entityId: id,
    action: 'created',
    outcome: 'success',
    userId: acme.admin.id,
    changes: { before: null, after: expect.objectContaining({ type: 'in' }) as object },
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    requestId: expect.any(String) as string,
    ip: '127.0.0.1',
    employeeId: acme.employee.id,
    punchId: id,
  });
  const one = await acme.admin.api.get(`${list}/${entry?.id ?? ''}`);
  expect(one.body).toEqual(entry);
});

it('finds by every filter, and by several at once', async () => {
  const [id = ''] = await punch(acme, 1, 100);
  await acme.admin.api.delete(`/api/punches/${id}`, { reason: 'Not a punch at all' });
  const count = async (query: Record<string, string>) =>
    ((await acme.admin.api.get(list, { query })).body as { data: Entry[] }).data.filter(
      ({ entityId }) => entityId === id,
    ).length;
  expect(await count({ entityId: id })).toBe(2);
  expect(await count({ action: 'DELETE' })).toBe(1);
  expect(await count({ entity: 'Punch', action: 'Create' })).toBe(1);
  expect(await count({ entity: 'punch', action: 'delete', userId: acme.admin.id, employeeId: acme.employee.id })).toBe(
    1,
  );
  expect(await count({ userId: acme.employee.id })).toBe(0);
  expect(await count({ employeeId: acme.employee.id })).toBe(2);
  expect(await count({ entity: 'session' })).toBe(0);
  const now = Date.now();
  const around = { from: new Date(now - 60_000).toISOString(), to: new Date(now + 60_000).toISOString() };
  expect(await count({ ...around, entityId: id })).toBe(2);
  expect(await count({ ...around, action: 'delete' })).toBe(1);
  expect(await count({ to: around.from, entityId: id })).toBe(0);
  expect(await count({ from: around.to, entityId: id })).toBe(0);
});

it('AUD-26: pages hold each entry once while others are written', async () => {
  await punch(acme, 120, 200);
  const before = await pages(acme, { limit: 200 });
  let offset = 400;
  const read = await pages(acme, { limit: 7 }, () => punch(acme, 3, (offset += 3)));
  const ids = read.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual([...ids].sort().reverse());
  expect(before.filter(({ id }) => !ids.includes(id))).toEqual([]);
});

it('AUD-27: a cursor belongs to its list, its filters and its tenant, and is not made up', async () => {
  const first = await acme.admin.api.get(list, { query: { limit: 1, entity: 'punch' } });
  const { nextCursor: cursor } = first.body as { nextCursor: string };
  const other = await server.world.tenant();
  const tried = [
    acme.admin.api.get(list, {
      query: { entity: 'punch', cursor: `${cursor.slice(0, -1)}${cursor.endsWith('A') ? 'B' : 'A'}` },
    }),
    acme.admin.api.get(list, { query: { entity: 'punch', cursor: `B${cursor.slice(1)}` } }),
    acme.admin.api.get(list, { query: { entity: 'user', cursor } }),
    acme.admin.api.get(list, { query: { cursor } }),
    other.admin.api.get(list, { query: { entity: 'punch', cursor } }),
  ];
  for (const { status, body } of await Promise.all(tried)) {
    expect([status, (body as { code: string }).code]).toEqual([400, 'cursor_invalid']);
  }
  expect((await acme.admin.api.get(list, { query: { limit: 9, entity: 'PUNCH', cursor } })).status).toBe(200);
});

it('AUD-28: limits that are none are refused', async () => {
  for (const limit of ['0', '-1', '10001', '201', 'abc', '', '1.5']) {
    expect([limit, (await acme.admin.api.get(list, { query: { limit } })).status]).toEqual([limit, 400]);
    expect([limit, (await acme.admin.api.get(search, { query: { pageSize: limit } })).status]).toEqual([limit, 400]);
  }
  for (const limit of ['0', '-1', 'abc']) {
    expect([limit, (await acme.admin.api.get('/api/admin/audit-logs', { query: { limit } })).status]).toEqual([
      limit,
      400,
    ]);
  }
});

it('AUD-31: another tenant finds nothing, whatever it asks', async () => {
  const other = await server.world.tenant();
  const [id = ''] = await punch(acme, 1, 600);
  const { body } = await acme.admin.api.get(list, { query: { entityId: id } });
  const [entry] = (body as { data: Entry[] }).data;
  const foreign = await other.admin.api.get(`${list}/${entry?.id ?? ''}`);
  const unknown = await other.admin.api.get(`${list}/${randomUUID()}`);
  const plain = ({ text }: { text: string }) => text.replace(/"(?:instance|requestId)":"[^"]*"/g, '');
  expect([foreign.status, plain(foreign)]).toEqual([404, plain(unknown)]);
  expect((await other.admin.api.get(`${list}/not-an-id`)).status).toBe(404);
  const filters: Record<string, string>[] = [
    { entityId: id },
    { userId: acme.admin.id },
    { employeeId: acme.employee.id },
  ];
  for (const query of filters) {
    expect((await other.admin.api.get(list, { query })).body).toEqual({ data: [] });
    expect((await other.admin.api.get(search, { query })).body).toMatchObject({ data: [], total: 0 });
  }
  for (const name of ['tenant_id', 'tenantId']) {
    expect((await other.admin.api.get(list, { query: { [name]: acme.id } })).status).toBe(400);
  }
  const header = await other.admin.api.get(list, { query: { entityId: id }, headers: { 'x-tenant-id': acme.id } });
  expect(header.body).toEqual({ data: [] });
});

it('AUD-11: there is no way to change or delete an entry', async () => {
  const [entry] = await pages(acme, { limit: 200 });
  const before = await server.database.sql('SELECT * FROM audit_logs WHERE id = $1', [entry?.id]);
  for (const path of [list, `${list}/${entry?.id ?? ''}`, search, '/api/admin/audit-logs']) {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'POST']) {
      const { status, headers } = await acme.admin.api.request(method, path, {});
      expect([method, path, status]).toEqual([method, path, 405]);
      expect(headers.get('allow')).toContain('GET');
    }
  }
  expect(await server.database.sql('SELECT * FROM audit_logs WHERE id = $1', [entry?.id])).toEqual(before);
});

it('only administrators read it, and only from the networks of their tenant', async () => {
  for (const path of [list, search, `${search}/export`, '/api/admin/audit-logs']) {
    expect((await acme.employee.api.get(path)).status).toBe(403);
    expect((await acme.approver.api.get(path)).status).toBe(403);
    expect((await server.stranger.get(path)).status).toBe(401);
  }
  for (const path of [list, `${list}/${randomUUID()}`, search, `${search}/export`, '/api/admin/audit-logs']) {
    const { status, body } = await globex.admin.api.get(path);
    expect([status, (body as { code: string }).code]).toEqual([403, 'IP_RESTRICTED']);
  }
});

it('searches by text, page by page; wildcards are letters', async () => {
  const other = await server.world.tenant();
  const ids = await punch(other, 25);
  await other.admin.api.delete(`/api/punches/${ids[3] ?? ''}`, { reason: '100%_Wrong "Kiosk"' });
  const found = async (query: Record<string, string | number>) =>
    (await other.admin.api.get(search, { query })).body as {
      data: Entry[];
      page: number;
      pageSize: number;
      total: number;
    };
  expect(await found({ q: '100%_wrong' })).toMatchObject({
    total: 1,
    page: 1,
    pageSize: 50,
    data: [{ entityId: ids[3] }],
  });
  expect(await found({ q: '%' })).toMatchObject({ total: 1 });
  expect(await found({ q: '_wrong "kiosk' })).toMatchObject({ total: 0 });
  expect(await found({ q: ids[7] ?? '' })).toMatchObject({ total: 1, data: [{ entityId: ids[7] }] });
  const all = await Promise.all([1, 2, 3, 4].map((page) => found({ page, pageSize: 10 })));
  expect(all.map(({ data, total }) => [data.length, total])).toEqual([
    [10, 26],
    [10, 26],
    [6, 26],
    [0, 26],
  ]);
  expect(new Set(all.flatMap(({ data }) => data.map(({ id }) => id))).size).toBe(26);
});

it('looks for a needle in bounded steps', async () => {
  const other = await server.world.tenant();
  await server.database.sql(
    `INSERT INTO audit_logs (tenant_id, user_id, action, entity, entity_id, changes, employee_id, request_id, canonical)
     SELECT $1, $2, 'create', 'punch', n::text, '{"before":null,"after":{}}', CASE WHEN n = 1 THEN $2::uuid ELSE $1::uuid END, 'r', 'x'
     FROM generate_series(1, 60000) n`,
    [other.id, other.admin.id],
  );
  const first = (await other.admin.api.get(list, { query: { employeeId: other.admin.id } })).body as {
    data: Entry[];
    nextCursor: string;
  };
  const told = { nextCursor: expect.any(String) as string, searchedUntil: expect.stringMatching(/Z$/) as string };
  expect(first).toEqual({ data: [], ...told });
  expect(await pages(other, { employeeId: other.admin.id })).toMatchObject([{ entityId: '1' }]);
});

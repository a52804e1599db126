import { randomUUID } from 'node:crypto';
import { newApiKey } from '../../src/auth/api-key';
import { changes, concrete, routesOf } from '../architecture/route-table';
import { tenantForEachTest } from '../support/scene';
import { everything, madeKey } from './scene';

const { server, tenant: acme } = tenantForEachTest();

/** What changes something and takes no person. A new one must be argued for here: whoever answers for it is nobody. */
const openToKeys = [
  'DELETE /api/attendance/export/jobs/:id',
  'DELETE /api/attendance/holidays/:id',
  'DELETE /api/attendance/leave/:id',
  'DELETE /api/schedules/:id',
  'DELETE /api/schedules/:id/shifts/:shiftId',
  'PATCH /api/attendance/holidays/:id',
  'PATCH /api/schedules/:id',
  'PATCH /api/schedules/:id/shifts/:shiftId',
  'POST /api/attendance/export/jobs',
  'POST /api/attendance/holidays',
  'POST /api/attendance/holidays/batch',
  'POST /api/attendance/leave',
  'POST /api/punches',
  'POST /api/punches/batch',
  'POST /api/schedules',
  'POST /api/schedules/:id/publish',
  'POST /api/schedules/:id/shifts',
  'POST /api/schedules/batch',
];

const punch = (employeeId: string, more: object = {}) => ({ employeeId, type: 'in', ...more });
const codeOf = ({ status, body }: { status: number; body: unknown }) => [status, (body as { code?: string }).code];

describe('a call with an API key', () => {
  it('reports punches of others, and the ledger, the punch and /me name the key', async () => {
    const { id, api } = await madeKey(server, acme, { name: 'Gate 7', permissions: ['attendance:write'] });
    const { status, body } = await api.post('/api/punches', punch(acme.employee.id));
    const punchId = (body as { id: string }).id;
    expect(status).toBe(201);
    const rows = await server.database.sql<{ by: string }>(
      `SELECT user_id AS by FROM audit_logs WHERE entity_id = $1 UNION ALL SELECT created_by FROM punches WHERE id::text = $1`,
      [punchId],
    );
    expect(rows).toEqual([{ by: id }, { by: id }]);
    expect(
      await madeKey(server, acme).then(({ api: reader }) => reader.get(`/api/audit-logs?userId=${id}&include=actor`)),
    ).toMatchObject({
      status: 200,
      body: { data: [{ userId: id, actor: { id, name: 'Gate 7' }, entityId: punchId }] },
    });
    expect((await api.get('/api/auth/me')).body).toEqual({
      id,
      email: null,
      name: 'Gate 7',
      tenant: { id: acme.id, slug: acme.slug, name: acme.slug },
      roles: [],
      permissions: ['attendance:write'],
    });
  });

  it('SEC-18: reads what its permissions open, and about others only with the permission to', async () => {
    const employeeId = acme.employee.id;
    await acme.admin.api.post('/api/punches', punch(employeeId));
    const seen = async (permissions: string[]) => {
      const { status, body } = await (await madeKey(server, acme, { permissions })).api.get('/api/punches');
      return [status, (body as { data?: unknown[] }).data?.length];
    };
    expect(await seen(['attendance:write'])).toEqual([403, undefined]);
    expect(await seen(['attendance:read'])).toEqual([200, 0]);
    expect(await seen(['attendance:read', 'attendance:approve'])).toEqual([200, 1]);
    const reader = await madeKey(server, acme, { permissions: ['attendance:read', 'attendance:approve'] });
    expect(codeOf(await reader.api.post('/api/punches', punch(employeeId)))).toEqual([403, 'forbidden']);
    expect(codeOf(await reader.api.get('/api/audit-logs'))).toEqual([403, 'forbidden']);
  });

  it('is limited to the people of its unit, in what it reports and in what it reads', async () => {
    const orgUnitId = randomUUID();
    const inside = await acme.person({ orgUnitId });
    const { api } = await madeKey(server, acme, {
      orgUnitId,
      permissions: ['attendance:write', 'attendance:read', 'attendance:approve'],
    });
    expect((await api.post('/api/punches', punch(inside.id))).status).toBe(201);
    expect(codeOf(await api.post('/api/punches', punch(acme.employee.id)))).toEqual([422, 'employee_unknown']);
    await acme.admin.api.post('/api/punches', punch(acme.employee.id));
    const { data } = (await api.get('/api/punches')).body as { data: { employeeId: string }[] };
    expect(data.map(({ employeeId }) => employeeId)).toEqual([inside.id]);
  });

  it('SEC-18: changes what takes no person, and nothing else, whatever it holds', async () => {
    const { api } = await madeKey(server, acme, { permissions: everything });
    const guarded = routesOf(server).filter((route) => changes(route) && route.access?.kind !== 'public');
    expect(
      guarded
        .filter((route) => route.openToKeys)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(openToKeys);
    for (const route of guarded) {
      const { status, body } = await api.request(route.method, concrete(route.path), {});
      const { code, detail } = body as { code: string; detail: string };
      const refused = status === 403 && code === 'forbidden' && detail.startsWith('This takes a person');
      expect([route.name, refused]).toEqual([route.name, !openToKeys.includes(route.name)]);
    }
  });

  it('does nothing about those who were shown it that they could not do about themselves', async () => {
    const other = await acme.person({ role: 'admin' });
    const { id, api } = await madeKey(server, acme);
    const leave = (employeeId: string) =>
      api.post('/api/attendance/leave', { employeeId, date: '2026-03-02', code: 'vacation' });
    const late = (employeeId: string) =>
      api
        .post('/api/punches', punch(employeeId, { timestamp: '2026-03-02T09:00:00Z' }))
        .then(({ body }) => (body as { status: string }).status);
    expect(codeOf(await leave(acme.admin.id))).toEqual([403, 'self_approval']);
    expect([await late(acme.admin.id), await late(other.id)]).toEqual(['quarantined', 'active']);
    const granted = (await leave(other.id)).body as { data: { id: string }[] };
    await other.api.post(`/api/api-keys/${id}/rotate`);
    expect(codeOf(await leave(other.id))).toEqual([403, 'self_approval']);
    expect(codeOf(await api.delete(`/api/attendance/leave/${granted.data[0]?.id ?? ''}`))).toEqual([
      403,
      'self_approval',
    ]);
  });

  it('TEN-18: is repeated under its own name: across a rotation, and apart from other keys', async () => {
    const [one, two] = [await madeKey(server, acme), await madeKey(server, acme)];
    const first = await one.api.post('/api/punches', punch(acme.employee.id), { key: 'k-1' });
    const rotated = (await acme.admin.api.post(`/api/api-keys/${one.id}/rotate`, { overlapSeconds: 0 })).body as {
      key: string;
    };
    const again = await server.stranger.with(rotated.key).post('/api/punches', punch(acme.employee.id), { key: 'k-1' });
    expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([first.text, 'true']);
    const other = await two.api.post('/api/punches', punch(acme.approver.id), { key: 'k-1' });
    expect([other.status, other.headers.get('idempotent-replayed')]).toEqual([201, null]);
  });

  it('TEN-05: opens its own tenant, whatever a header says', async () => {
    const globex = await server.world.tenant();
    await globex.admin.api.post('/api/punches', punch(globex.employee.id));
    const { api } = await madeKey(server, acme);
    const reply = await api.get('/api/punches', { headers: { 'x-tenant-id': globex.id } });
    expect([reply.status, (reply.body as { data: unknown[] }).data]).toEqual([200, []]);
  });

  it('SEC-40: is let in from its networks alone, on every route', async () => {
    const { api } = await madeKey(server, acme, { allowedNetworks: ['203.0.113.0/24', '2001:db8::/32'] });
    for (const route of ['/api/auth/me', '/api/punches', '/api/audit-logs'])
      expect(codeOf(await api.get(route))).toEqual([403, 'IP_RESTRICTED']);
    const near = await madeKey(server, acme, { allowedNetworks: ['::ffff:127.0.0.1/128'] });
    expect((await near.api.get('/api/punches')).status).toBe(200);
  });

  it('exports in the background, as long as the key is good', async () => {
    const { api } = await madeKey(server, acme);
    const { status, body } = await api.post('/api/attendance/export/jobs', { kind: 'days' });
    expect(status).toBe(202);
    expect((await api.get(`/api/attendance/export/jobs/${(body as { id: string }).id}`)).status).toBe(200);
  });
});

describe('SEC-01: what is no key', () => {
  it.each<[string, (key: string) => string]>([
    ['mistyped', (key) => `${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}`],
    ['cut off', (key) => key.slice(0, -1)],
    ['unknown', () => newApiKey().key],
    ['the beginning alone', (key) => key.slice(0, 12)],
    ['of absurd length', () => `rck_${'x'.repeat(8000)}`],
    ['in capitals', (key) => key.toUpperCase()],
  ])('%s: is refused with a challenge', async (_, change) => {
    const { key } = await madeKey(server, acme);
    const { status, headers, body } = await server.stranger.with(change(key)).get('/api/punches');
    expect([status, (body as { code: string }).code]).toEqual([401, 'unauthorized']);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="rollcall", error="invalid_token"');
  });

  it('SEC-17: in a query or a cookie, it is none', async () => {
    const { key } = await madeKey(server, acme);
    expect((await server.stranger.get(`/api/punches?token=${key}`)).status).toBe(401);
    expect((await server.stranger.get('/api/punches', { headers: { cookie: `token=${key}` } })).status).toBe(401);
  });
});

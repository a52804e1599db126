import net from 'node:net';
import { RequestTrail } from '../../src/audit/trail/request-trail';
import { getToken } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { aKey } from '../support/client';
import { startServer, type TestServer } from '../support/server';
import type { Tenant } from '../support/world';

let server: TestServer;
let acme: Tenant;
const platform = '00000000-0000-0000-0000-000000000000';

beforeAll(async () => {
  server = await startServer({
    TRUSTED_PROXIES: '1',
    ATTENDANCE_RATE_LIMIT_ENABLED: 'on',
    RATE_LIMIT_AUTHENTICATED_PER_MINUTE: '40',
    RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '500',
  });
  acme = await server.world.tenant('acme');
});
afterAll(() => server.close());

interface Line extends Record<string, unknown> {
  tenant_id: string;
  details: Record<string, unknown>;
}

/** What is stored of the request with this id. */
async function storedOf(requestId: string | null, of = server): Promise<Line[]> {
  await of.app.get(RequestTrail, { strict: false }).flush();
  return of.database.sql<Line>('SELECT *, host(ip) AS ip FROM operation_logs WHERE request_id = $1', [requestId]);
}

const idOf = ({ headers }: { headers: Headers }) => headers.get('x-request-id');

it('records every call: who, what, how long and how it ended', async () => {
  const [before] = await server.database.sql<{ now: Date }>('SELECT now()');
  const reply = await acme.admin.api.get(`/api/users/${acme.employee.id}`, { headers: { 'user-agent': 'kiosk/2.1' } });
  expect(await storedOf(idOf(reply))).toEqual([
    expect.objectContaining({
      tenant_id: acme.id,
      user_id: acme.admin.id,
      event_type: 'api.call',
      resource_type: '/api/users/:id',
      resource_id: acme.employee.id,
      action: 'GET /api/users/:id',
      details: { statusCode: 200, userAgent: 'kiosk/2.1' },
      ip: '127.0.0.1',
      status: 'success',
    }),
  ]);
  const [line] = await storedOf(idOf(reply));
  expect(line?.['duration_ms']).toBeGreaterThan(0);
  expect(Number(line?.['created_at'])).toBeGreaterThanOrEqual(Number(before?.now) - 5);
});

it('tells a replay from a first execution', async () => {
  const key = aKey();
  const send = () => acme.employee.api.post('/api/punches', { employeeId: acme.employee.id, type: 'in' }, { key });
  const [first] = await storedOf(idOf(await send()));
  const [again] = await storedOf(idOf(await send()));
  expect([first?.details['replayed'], again?.details['replayed']]).toEqual([undefined, true]);
});

it('says why a call was refused', async () => {
  const globex = await server.world.tenant();
  const refusals = [
    { reply: await server.stranger.get('/api/users'), tenant: platform, event: 'auth.refused', code: 'unauthorized' },
    {
      reply: await server.stranger.with('x.y.z').get('/api/users'),
      tenant: platform,
      event: 'auth.refused',
      code: 'unauthorized',
    },
    {
      reply: await acme.employee.api.get('/api/audit-logs'),
      tenant: acme.id,
      event: 'access.refused',
      code: 'forbidden',
    },
    {
      reply: await globex.admin.api.get(`/api/users/${acme.admin.id}`),
      tenant: globex.id,
      event: 'not_found',
      code: 'not_found',
    },
    { reply: await server.stranger.get('/api/nothing-here'), tenant: platform, event: 'not_found', code: 'not_found' },
    {
      reply: await acme.admin.api.post('/api/punches', { nonsense: true }),
      tenant: acme.id,
      event: 'api.refused',
      code: 'validation_failed',
    },
  ];
  for (const { reply, tenant, event, code } of refusals) {
    const lines = await storedOf(idOf(reply));
    expect(lines).toEqual([expect.objectContaining({ tenant_id: tenant, event_type: event, status: 'failure' })]);
    expect(lines[0]?.details).toMatchObject({ statusCode: reply.status, code, reason: expect.any(String) as string });
  }
});

it('records who ran out of quota', async () => {
  const busy = await acme.person({});
  let reply = await busy.api.get('/api/punches');
  for (let n = 0; n < 1000 && reply.status !== 429; n++) reply = await busy.api.get('/api/punches');
  expect(reply.status).toBe(429);
  const [line] = await storedOf(idOf(reply));
  expect(line).toMatchObject({ tenant_id: acme.id, event_type: 'quota.refused', user_id: busy.id });
  expect(line?.details).toMatchObject({ statusCode: 429, code: 'quota_exceeded' });
});

it('leaves out what load balancers and browsers ask', async () => {
  for (const path of ['/health', '/health/live', '/metrics', '/docs', '/api/version']) await server.stranger.get(path);
  await server.app.get(RequestTrail, { strict: false }).flush();
  expect(await server.database.count('operation_logs', `resource_type !~ '^(/api/|\\(no route\\))'`)).toBe(0);
  expect(await server.database.count('operation_logs', `resource_type = '/api/version'`)).toBe(0);
});

/** Sends bytes that no decent client would. */
async function raw(head: string): Promise<string> {
  const socket = net.connect(Number(new URL(server.url).port), '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (data: string) => (answer += data));
  socket.write(Buffer.from(head, 'latin1'));
  await new Promise((resolve) => socket.once('close', resolve).once('error', resolve));
  return answer;
}

it('AUD-45: stores what a hostile client sends bounded and escaped', async () => {
  const get = (id: string, headers: string) =>
    raw(
      `GET /api/punches/%0D%0A%1b%5B31m${'x'.repeat(300)} HTTP/1.1\r\nhost: x\r\nx-request-id: ${id}\r\nconnection: close\r\n${headers}\r\n\r\n`,
    );
  await get('agent-bytes', 'user-agent: \xff\xfe\tGr\xc3\xb6\xc3\x9fe \u009b31m');
  await get('agent-long', `user-agent: ${'a'.repeat(20_000)}`);
  expect(await get('agent-huge', `user-agent: ${'a'.repeat(65_536)}`)).toMatch(/^HTTP\/1.1 431/);
  expect(await get('agent-crlf', 'user-agent: a\r b\r\n')).toMatch(/^HTTP\/1.1 400/);
  const [bytes] = await storedOf('agent-bytes');
  expect(bytes?.details['userAgent']).toBe('\ufffd\ufffd\\u0009Größe \ufffd31m');
  expect(String(bytes?.['resource_id'])).toMatch(/^\\u000d\\u000a\\u001b\[31mx+$/);
  expect(String(bytes?.['resource_id'])).toHaveLength(200);
  const [long] = await storedOf('agent-long');
  expect(long?.details['userAgent']).toHaveLength(256);
});

it('AUD-45: the address is the one that the trusted proxy saw', async () => {
  const seen = async (forwarded: string) => {
    const reply = await acme.approver.api.get('/api/punches', { headers: { 'x-forwarded-for': forwarded } });
    return (await storedOf(idOf(reply)))[0]?.['ip'];
  };
  expect(await seen('198.51.100.7')).toBe('198.51.100.7');
  expect(await seen('10.1.1.1, 198.51.100.8')).toBe('198.51.100.8');
  expect(await seen("'; DROP TABLE x --")).toBe('127.0.0.1');
  expect(await seen('fe80::1%eth0')).toBe('fe80::1');
});

it('is read by administrators of the tenant, filtered by event, person and time', async () => {
  const other = await server.world.tenant();
  await other.employee.api.get('/api/audit-logs');
  await other.admin.api.get('/api/users');
  await server.app.get(RequestTrail, { strict: false }).flush();
  const read = async (query: Record<string, string | number>) =>
    ((await other.admin.api.get('/api/admin/audit-logs', { query })).body as { data: Record<string, unknown>[] }).data;
  const [refused, ...rest] = await read({ eventType: 'access.refused' });
  expect(rest).toEqual([]);
  expect(refused).toMatchObject({
    userId: other.employee.id,
    action: 'GET /api/audit-logs',
    status: 'failure',
    resourceId: null,
  });
  expect(await read({ userId: other.employee.id })).toHaveLength(1);
  const today = new Date().toISOString().slice(0, 10);
  expect((await read({ startDate: today, endDate: today })).length).toBeGreaterThan(1);
  expect(await read({ endDate: '2020-01-01' })).toEqual([]);
  expect(await read({ limit: 1 })).toHaveLength(1);
  const { status } = await other.admin.api.get('/api/admin/audit-logs', { query: { eventType: 'nonsense' } });
  expect(status).toBe(400);
});

it('shows the calls of nobody in particular to platform operators alone', async () => {
  const operator = await server.world.operator();
  const refused = await server.stranger.get('/api/users');
  await server.app.get(RequestTrail, { strict: false }).flush();
  const { body } = await operator.api.get('/api/admin/audit-logs', { query: { eventType: 'auth.refused' } });
  expect((body as { data: { requestId: string }[] }).data[0]?.requestId).toBe(idOf(refused));
  expect((await operator.api.get('/api/audit-logs')).status).toBe(403);
});

it('never fails a call: lines that cannot be stored are counted', async () => {
  const own = await startServer();
  try {
    const tenant = await own.world.tenant();
    const trail = own.app.get(RequestTrail, { strict: false });
    const counter = (name: string) => own.app.get<Counter>(getToken(name), { strict: false });
    const lost = async () => (await counter('operation_logs_lost_total').get()).values[0]?.value;
    await own.database.sql('ALTER TABLE operation_logs RENAME TO elsewhere');
    const replies = await Promise.all(Array.from({ length: 20 }, () => tenant.admin.api.get('/api/users')));
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    await trail.flush();
    expect(await lost()).toBe(20);
    // Each block is tried twice; into how many blocks the lines fell is a matter of time.
    const failures = (await counter('audit_write_failures_total').get()).values.find(
      ({ labels }) => labels.trail === 'requests',
    );
    expect([failures?.labels, (failures?.value ?? 0) > 0, (failures?.value ?? 0) % 2]).toEqual([
      { trail: 'requests' },
      true,
      0,
    ]);
    await own.database.sql('ALTER TABLE elsewhere RENAME TO operation_logs');
    const reply = await tenant.admin.api.get('/api/users');
    expect(await storedOf(idOf(reply), own)).toHaveLength(1);
    expect(await lost()).toBe(20);
  } finally {
    await own.close();
  }
});

it('writes what still waits when the server shuts down', async () => {
  const own = await startServer({}, server.database);
  const tenant = await own.world.tenant();
  const reply = await tenant.admin.api.get('/api/users');
  await own.close();
  expect(await server.database.count('operation_logs', 'request_id = $1', [idOf(reply)])).toBe(1);
});

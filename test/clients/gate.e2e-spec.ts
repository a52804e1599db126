import { DemoService } from '../../src/demo/demo.service';
import { demoTenants } from '../../src/demo/demo-people';
import type { Client, Reply } from '../support/client';
import type { TestServer } from '../support/server';
import { until } from '../support/until';
import { sharedServer } from '../support/shared-server';

const password = 'a demo password';
const gate = { email: 'test@example.com', password: 'password123' };

let server: TestServer;
beforeAll(async () => {
  server = await sharedServer();
  await server.app.get(DemoService, { strict: false }).create(password);
});
afterAll(() => server.close());

async function signedIn(email: string, secret: string): Promise<Client> {
  const { body } = await server.stranger.post('/api/auth/login', { email, password: secret });
  return server.stranger.with(body.token);
}

describe.each(demoTenants)('the ten calls of the readiness gate (ATT-12), in $slug', ({ slug }) => {
  let operator: Client;
  let account: string;

  // The operator of the gate makes the account in one tenant at a time: in two, the address alone would be ambiguous.
  beforeAll(async () => {
    operator = await signedIn(`admin@${slug}.test`, password);
    const made = await operator.post('/api/users', { ...gate, name: 'Gate', role: 'admin' });
    expect(made.status).toBe(201);
    account = made.body.id;
  });
  afterAll(async () => {
    expect((await operator.delete(`/api/users/${account}`)).status).toBe(200);
  });

  it('ATT-12: hold one after the other, with the headers that its script sends', async () => {
    const headers = { 'X-Tenant-ID': slug };
    const now = new Date();
    const inAWeek = new Date(now.getTime() + 7 * 86_400_000);

    const health = await server.stranger.get('/health');
    expect([health.status, health.body.status]).toEqual([200, 'ok']);
    expect(Boolean(health.body.timestamp) && Boolean(health.body.uptime)).toBe(true);

    // PostgreSQL has to answer within 400 ms, which it may miss on a busy machine for once: a gate asks again, too.
    const ready = await until(async () => {
      const reply = await server.stranger.get('/ready');
      return reply.status === 200 ? reply : undefined;
    }, 'the server is ready');
    expect([ready.status, ready.body.status, Boolean(ready.body.checks.database)]).toEqual([200, 'ready', true]);

    const login = await server.stranger.post('/api/auth/login', gate);
    expect([login.status, typeof login.body.token, typeof login.body.user.id]).toEqual([200, 'string', 'string']);
    const api = server.stranger.with(login.body.token);

    const email = `gate-${slug}-${now.getTime()}@example.test`;
    const employee = created(
      await api.post('/api/users', { email, name: 'Gate Employee', role: 'employee' }, { headers }),
    );
    const schedule = created(
      await api.post(
        '/api/schedules',
        {
          employeeId: employee,
          startDate: now.toISOString(),
          endDate: inAWeek.toISOString(),
          name: 'Gate schedule',
        },
        { headers },
      ),
    );
    const shift = created(
      await api.post(
        `/api/schedules/${schedule}/shifts`,
        { dayOfWeek: now.getDay(), startTime: '09:00', endTime: '17:00', breakMinutes: 60 },
        { headers },
      ),
    );
    const punch = created(
      await api.post(
        '/api/punches',
        { employeeId: employee, type: 'in', shiftId: shift, latitude: 52.5, longitude: 13.4, deviceId: 'gate-1' },
        { headers, key: `gate-${now.getTime()}` },
      ),
    );

    await operator.post('/api/exceptions', {
      employeeId: employee,
      date: now.toISOString(),
      description: 'For the gate',
    });
    const query = { employeeId: employee, status: 'pending' };
    const exceptions = await api.get('/api/exceptions', { headers, query });
    expect([exceptions.status, exceptions.body.data.length]).toEqual([200, 1]);

    const decision = { status: 'approved', notes: 'Resolved by the gate' };
    const resolved = await api.put(`/api/exceptions/${exceptions.body.data[0].id}/resolve`, decision, { headers });
    expect([resolved.status, resolved.body.status]).toEqual([200, 'approved']);
    expect([resolved.body.approvedBy, resolved.body.approvedAt]).toEqual([account, resolved.body.resolvedAt]);
    expect((await api.put('/api/exceptions/mock-exception-id/resolve', decision, { headers })).status).toBe(404);

    const log = await api.get('/api/audit-logs', { headers, query: { action: 'created', entity: 'Punch' } });
    expect(log.status).toBe(200);
    const entry = { entity: 'Punch', action: 'created', punchId: punch, employeeId: employee };
    expect(log.body.data).toContainEqual(expect.objectContaining(entry));
  });
});

function created({ status, body }: Reply): string {
  expect([status, typeof body.id]).toEqual([201, 'string']);
  return body.id;
}

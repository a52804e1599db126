import { randomUUID } from 'node:crypto';
import { RequestTrail } from '../../src/audit/trail/request-trail';
import { dateIn, inZoneOf, instant, localDate, readDatesIn } from '../../src/http/input/dates';
import type { TestServer } from '../support/server';
import { sharedServer } from '../support/shared-server';
import type { Tenant } from '../support/world';

let server: TestServer;
let tokyo: Tenant;
beforeAll(async () => {
  server = await sharedServer();
  tokyo = await server.world.tenant('tokyo');
  await server.database.sql(`UPDATE tenants SET time_zone = 'Asia/Tokyo' WHERE id = $1`, [tokyo.id]);
});
afterAll(() => server.close());

describe('an instant where a date is meant is its date on the clock of the tenant (S1)', () => {
  // 20:00 in London is five in the morning of the next day in Tokyo.
  const evening = '2027-01-04T20:00:00.000Z';

  it('S1: in a body, at any depth', async () => {
    const { body } = await tokyo.admin.api.post('/api/schedules', {
      employeeId: tokyo.employee.id,
      startDate: evening,
      endDate: '2027-01-31T01:00:00+02:00',
      rotation: { cycleDays: 8, anchor: evening },
    });
    expect([body.startDate, body.endDate, body.rotation.anchor]).toEqual(['2027-01-05', '2027-01-31', '2027-01-05']);
    expect(body.name).toBe('2027-01-05 to 2027-01-31');
    const shift = { scheduleId: body.id, date: evening, startTime: '09:00', endTime: '17:00' };
    const added = await tokyo.admin.api.post(`/api/schedules/${body.id}/shifts`, shift);
    expect([added.status, added.body.date]).toEqual([201, '2027-01-05']);
    const elsewhere = await tokyo.admin.api.post(`/api/schedules/${body.id}/shifts`, {
      ...shift,
      scheduleId: randomUUID(),
    });
    expect([elsewhere.status, elsewhere.body.errors[0].pointer]).toEqual([400, '/scheduleId']);
  });

  it('S1: in a query and in a path', async () => {
    const made = await tokyo.approver.api.post('/api/exceptions', {
      employeeId: tokyo.employee.id,
      date: '2026-11-17',
      description: 'The gate was closed',
    });
    expect(made.status).toBe(201);
    const on = async (moment: string) => {
      const query = { employeeId: tokyo.employee.id, from: moment, to: moment };
      const { body } = await tokyo.approver.api.get('/api/exceptions', { query });
      return body.data.length as number;
    };
    expect([await on('2026-11-16T20:00:00Z'), await on('2026-11-17T20:00:00Z')]).toEqual([1, 0]);
    expect(dateIn('Asia/Tokyo', evening)).toBe('2027-01-05');
    expect((await tokyo.admin.api.get(`/api/attendance/days/${tokyo.employee.id}/${evening}`)).status).toBe(404);
  });

  it.each([
    '0000-01-01',
    '1899-12-31',
    '2201-01-01',
    '+275760-01-01',
    '10000-01-01',
    '2026-02-30',
    '0001-01-01T00:00:00Z',
  ])('A4: %s is no date', async (date) => {
    const body = { employeeId: tokyo.employee.id, date, code: 'vacation' };
    const { status } = await tokyo.admin.api.post('/api/attendance/leave', body);
    expect([status, localDate.safeParse(date).success, dateIn('UTC', date)]).toEqual([400, false, undefined]);
  });

  it.each(['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:59-14:00', '2026-01-01T00:00:00'])(
    'A4: %s is no instant',
    (text) => {
      expect(instant.safeParse(text).success).toBe(false);
    },
  );

  it('reads by UTC where nobody noted a zone, and never by the zone of the request before', () => {
    const body = { date: evening };
    readDatesIn('Asia/Tokyo', { body, query: undefined } as never);
    const read = (part: object) => inZoneOf(part, () => localDate.parse(evening));
    expect([read(body), read({}), read(body)]).toEqual(['2027-01-05', '2027-01-04', '2027-01-05']);
  });
});

it('S1: status=pending means open, and an approved exception says by whom in both words', async () => {
  const body = { employeeId: tokyo.employee.id, date: '2026-11-18', description: 'The train was late' };
  const { body: made } = await tokyo.admin.api.post('/api/exceptions', body);
  const query = { employeeId: tokyo.employee.id, status: 'pending', from: '2026-11-18', to: '2026-11-18' };
  expect((await tokyo.admin.api.get('/api/exceptions', { query })).body.data).toMatchObject([{ id: made.id }]);
  const { body: settled } = await tokyo.approver.api.put(`/api/exceptions/${made.id}/resolve`, { status: 'approved' });
  expect(settled).toMatchObject({ approvedBy: tokyo.approver.id, resolvedBy: tokyo.approver.id });
  expect(settled.approvedAt).toBe(settled.resolvedAt);
  expect((await tokyo.admin.api.get('/api/exceptions', { query })).body.data).toEqual([]);
});

it('S1: a list of roles stands for a role', async () => {
  const { api } = tokyo.admin;
  const made = await api.post('/api/users', { name: 'Ravi', roles: ['employee', 'MANAGER', 'employee'] });
  expect([made.status, made.body.roles, made.body.role]).toEqual([201, ['approver', 'employee'], 'approver']);
  const patched = await api.patch(`/api/users/${made.body.id}`, { roles: ['employee'] });
  expect(patched.body.roles).toEqual(['employee']);
  for (const roles of [{}, { role: 'employee', roles: ['employee'] }, { roles: [] }, { roles: ['king'] }])
    expect((await api.post('/api/users', { name: 'Nobody', ...roles })).status).toBe(400);
  const grab = await api.post('/api/users', { name: 'Nobody', roles: ['employee', 'platform_admin'] });
  expect([grab.status, grab.body.errors[0].pointer]).toEqual([403, '/roles/1']);
});

it('S1: an empty q is no filter', async () => {
  const of = async (path: string, q: string) =>
    (await tokyo.admin.api.get(path, { query: { q } })).body.data.length as number;
  for (const path of ['/api/users', '/api/attendance-admin/users/search', '/api/attendance-admin/audit-logs']) {
    expect(await of(path, '')).toBeGreaterThan(0);
    expect(await of(path, ' no such text ')).toBe(0);
  }
});

it('S0: pageSize is another name for limit where its clients use it', async () => {
  const query = { q: '', pageSize: 2 };
  expect((await tokyo.admin.api.get('/api/attendance-admin/users/search', { query })).body.data).toHaveLength(2);
});

it("S1: startDate and endDate find the punches of whole days on the tenant's clock, or of a span of instants", async () => {
  const someone = await tokyo.person({});
  const punches = ['2026-11-03T14:59:00Z', '2026-11-03T15:00:00Z', '2026-11-04T14:59:59Z', '2026-11-04T15:00:00Z'].map(
    (timestamp, index) => ({ employeeId: someone.id, type: index % 2 === 0 ? 'in' : 'out', timestamp }),
  );
  expect((await tokyo.admin.api.post('/api/punches/batch', { punches })).body.counts.created).toBe(4);
  const found = async (query: Record<string, string>) => {
    const { status, body } = await tokyo.admin.api.get('/api/punches', { query: { employeeId: someone.id, ...query } });
    return status === 200 ? (body.data.length as number) : (body.errors[0].pointer as string);
  };
  expect(await found({ startDate: '2026-11-04', endDate: '2026-11-04' })).toBe(2);
  expect(await found({ startDate: '2026-11-03T15:00:00Z', endDate: '2026-11-04T14:59:59Z' })).toBe(1);
  expect(await found({ startDate: '2026-11-04', from: '2026-11-04T00:00:00Z' })).toBe('?startDate');
  expect(await found({ endDate: 'yesterday' })).toBe('?endDate');
});

it('S4: the request trail caps limit instead of refusing it, and takes an offset', async () => {
  const other = await server.world.tenant();
  for (let call = 0; call < 3; call++) await other.employee.api.get('/api/auth/me');
  await server.app.get(RequestTrail, { strict: false }).flush();
  const calls = async (query: Record<string, number>) => {
    const { status, body } = await other.admin.api.get('/api/admin/audit-logs', {
      query: { userId: other.employee.id, ...query },
    });
    return [status, body.data?.length];
  };
  expect(await calls({ limit: 5000 })).toEqual([200, 3]);
  expect(await calls({ limit: 5000, offset: 2 })).toEqual([200, 1]);
  expect(await calls({ offset: -1 })).toEqual([400, undefined]);
});

it('S0: a refresh takes its refresh token as token too, and never an access token', async () => {
  const password = 'a long enough secret';
  const email = `${randomUUID()}@example.test`;
  await tokyo.admin.api.post('/api/users', { email, name: 'Rita', role: 'employee', password });
  const { body: session } = await server.stranger.post('/api/auth/login', { email, password });
  const renew = (body: object) => server.stranger.post('/api/auth/refresh-token', body);
  expect(await renew({ token: session.token })).toMatchObject({ status: 401, body: { code: 'refresh_token_invalid' } });
  expect((await renew({ token: session.refreshToken })).status).toBe(200);
  expect((await renew({})).body.errors).toMatchObject([{ pointer: '/refreshToken', code: 'required' }]);
  expect((await renew({ token: 'a', refreshToken: 'b' })).status).toBe(400);
});

it('S1: a short password is for the account of the gate alone', async () => {
  const make = (email: string) =>
    tokyo.admin.api.post('/api/users', { email, name: 'Gate', role: 'employee', password: 'password123' });
  const other = await make('other@example.com');
  expect([other.status, other.body.errors]).toEqual([
    400,
    [{ pointer: '/password', code: 'too_small', detail: expect.stringContaining('12 characters') as string }],
  ]);
  const gate = await make('Test@Example.com');
  expect(gate.status).toBe(201);
  const patch = (body: object) => tokyo.admin.api.patch(`/api/users/${gate.body.id}`, body);
  expect((await patch({ password: 'password124' })).status).toBe(200);
  expect((await patch({ password: 'password125', email: 'no-gate@example.com' })).status).toBe(400);
});

import { DiscoveryService, MetadataScanner, ModuleRef } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import { AUDITED } from '../../src/audit/audited.decorator';
import { ACCESS, type Access } from '../../src/auth/access.decorators';
import { NO_REPLAY } from '../../src/idempotency/no-replay.decorator';
import { aKey } from '../support/client';
import { startServer, type TestServer } from '../support/server';
import type { Tenant } from '../support/world';

/**
 * Routes that need no token. A link to an exported file is itself the right to fetch it (test/exports/jobs.e2e-spec.ts). A new one must be argued for here. Those under /iclock are called by terminals, whose protocol has no
 * header to put one into: a serial number and the secret in the path stand for it (test/terminals/door.e2e-spec.ts).
 */
const publicRoutes = [
  'GET /.well-known/jwks.json',
  'GET /api/attendance/export/files/:link',
  'GET /api/version',
  'GET /health',
  'GET /health/full',
  'GET /health/live',
  'GET /health/ready',
  'GET /healthz',
  'GET /iclock/:secret/cdata',
  'GET /iclock/:secret/cdata.aspx',
  'GET /iclock/:secret/getrequest',
  'GET /iclock/:secret/getrequest.aspx',
  'GET /iclock/:secret/ping',
  'GET /iclock/:secret/ping.aspx',
  'GET /iclock/:secret/rtdata',
  'GET /iclock/:secret/rtdata.aspx',
  'GET /iclock/cdata',
  'GET /iclock/cdata.aspx',
  'GET /iclock/getrequest',
  'GET /iclock/getrequest.aspx',
  'GET /iclock/ping',
  'GET /iclock/ping.aspx',
  'GET /iclock/rtdata',
  'GET /iclock/rtdata.aspx',
  'GET /metrics',
  'GET /metrics/prom',
  'GET /ready',
  'POST /api/auth/login',
  'POST /api/auth/logout',
  'POST /api/auth/refresh-token',
  'POST /iclock/:secret/cdata',
  'POST /iclock/:secret/cdata.aspx',
  'POST /iclock/:secret/devicecmd',
  'POST /iclock/:secret/devicecmd.aspx',
  'POST /iclock/:secret/push',
  'POST /iclock/:secret/push.aspx',
  'POST /iclock/:secret/querydata',
  'POST /iclock/:secret/querydata.aspx',
  'POST /iclock/:secret/registry',
  'POST /iclock/:secret/registry.aspx',
  'POST /iclock/cdata',
  'POST /iclock/cdata.aspx',
  'POST /iclock/devicecmd',
  'POST /iclock/devicecmd.aspx',
  'POST /iclock/push',
  'POST /iclock/push.aspx',
  'POST /iclock/querydata',
  'POST /iclock/querydata.aspx',
  'POST /iclock/registry',
  'POST /iclock/registry.aspx',
];
/** Changing routes that are not replayed: each answers with secrets, or is harmless to repeat. */
const notReplayed = [
  'POST /api/auth/login',
  'POST /api/auth/logout',
  'POST /api/auth/refresh-token',
  'POST /api/devices',
  'POST /api/devices/:id/rejects/retry',
  'POST /api/devices/:id/secret',
  'POST /api/devices/unclaimed/:serial/claim',
  'POST /iclock/:secret/cdata',
  'POST /iclock/:secret/cdata.aspx',
  'POST /iclock/:secret/querydata',
  'POST /iclock/:secret/querydata.aspx',
  'POST /iclock/cdata',
  'POST /iclock/cdata.aspx',
  'POST /iclock/querydata',
  'POST /iclock/querydata.aspx',
];
/** POST for its body only: it changes nothing. */
const readOnlyPosts = [
  'POST /api/attendance-admin/users/batch/resolve',
  'POST /api/attendance/import/prepare',
  'POST /api/attendance/import/preview',
  'POST /api/attendance/rules/preview',
  'POST /iclock/:secret/devicecmd',
  'POST /iclock/:secret/devicecmd.aspx',
  'POST /iclock/:secret/push',
  'POST /iclock/:secret/push.aspx',
  'POST /iclock/:secret/registry',
  'POST /iclock/:secret/registry.aspx',
  'POST /iclock/devicecmd',
  'POST /iclock/devicecmd.aspx',
  'POST /iclock/push',
  'POST /iclock/push.aspx',
  'POST /iclock/registry',
  'POST /iclock/registry.aspx',
];

interface Route {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly audited: boolean;
  readonly replayed: boolean;
  readonly access: Access | undefined;
}

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'ALL', 'OPTIONS', 'HEAD'];
let server: TestServer;
let acme: Tenant;
let routes: Route[];

beforeAll(async () => {
  server = await startServer();
  acme = await server.world.tenant();
  routes = routesOf();
});
afterAll(() => server.close());

/** The route table as Nest knows it, read from the controllers themselves. */
function routesOf(): Route[] {
  const discovery = server.app.get(ModuleRef).get(DiscoveryService, { strict: false });
  return discovery.getControllers().flatMap(({ metatype }) => {
    if (typeof metatype !== 'function') return [];
    const prefix = pathsOf(metatype);
    const prototype = metatype.prototype as Record<string, object>;
    return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
      const handler = prototype[name] ?? {};
      if (!Reflect.hasMetadata('method', handler)) return [];
      const method = methods[Reflect.getMetadata('method', handler) as number] ?? '';
      return prefix.flatMap((base) =>
        pathsOf(handler).map((own) => {
          const path = `/${[base, own]
            .flatMap((part) => part.split('/'))
            .filter(Boolean)
            .join('/')}`;
          return {
            name: `${method} ${path}`,
            method,
            path,
            audited: Reflect.hasMetadata(AUDITED, handler),
            replayed: !Reflect.hasMetadata(NO_REPLAY, handler),
            access: (Reflect.getMetadata(ACCESS, handler) ?? Reflect.getMetadata(ACCESS, metatype)) as
              Access | undefined,
          };
        }),
      );
    });
  });
}

const pathsOf = (target: object): string[] => [Reflect.getMetadata('path', target) as string | string[]].flat();
const changes = (route: Route) => route.method !== 'GET';
const concrete = (path: string) => path.replaceAll(/:\w+/g, () => randomUUID());

describe('the networks of a tenant', () => {
  const ofEmployees = ['attendance:read', 'attendance:write'];
  const isOfSeniors = ({ access }: Route) =>
    access?.kind === 'permission' && !access.anyOf.some((permission) => ofEmployees.includes(permission));

  it('A10: close whatever employees may not do to callers from elsewhere, and nothing that they may', async () => {
    const closed = await server.world.tenant(undefined, { allowedNetworks: ['203.0.113.0/24'] });
    const held = await closed.person({ role: 'payroll' });
    const answers = async (route: Route) => {
      const caller = route.access?.kind === 'permission' && !route.access.anyOf.includes('attendance:admin') ? held : closed.admin; // prettier-ignore
      const { status, body } = await caller.api.request(route.method, concrete(route.path), undefined, { key: aKey() });
      return [route.name, status === 403 && (body as { code: string }).code === 'IP_RESTRICTED'];
    };
    const inTenants = routes.filter(
      ({ access }) =>
        access?.kind === 'signed-in' || (access?.kind === 'permission' && String(access.anyOf) !== 'platform:admin'),
    );
    expect(inTenants.filter(isOfSeniors).length).toBeGreaterThan(60);
    expect(await Promise.all(inTenants.map(answers))).toEqual(
      inTenants.map((route) => [route.name, isOfSeniors(route)]),
    );
  });
});

describe('the route table', () => {
  it('CON-08: is what the document says, no more and no less', async () => {
    const document = (await server.stranger.get('/openapi.json')).body as {
      paths: Record<string, Record<string, unknown>>;
    };
    const documented = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    expect(documented.sort()).toEqual(routes.map((route) => route.name).sort());
  });

  it('has a policy on every route, and only the listed ones are public', () => {
    expect(routes.filter((route) => !route.access).map((route) => route.name)).toEqual([]);
    expect(
      routes
        .filter((route) => route.access?.kind === 'public')
        .map((route) => route.name)
        .sort(),
    ).toEqual(publicRoutes);
  });

  it('audits every route that changes something', () => {
    const silent = routes.filter((route) => changes(route) && !route.audited).map((route) => route.name);
    expect(silent.sort()).toEqual(readOnlyPosts);
    expect(routes.filter((route) => !changes(route) && route.audited).map((route) => route.name)).toEqual([]);
  });

  it('replays every one of them, but for the listed ones', () => {
    const once = routes.filter((route) => changes(route) && !route.replayed).map((route) => route.name);
    expect(once.sort()).toEqual(notReplayed);
  });

  it('IDM-47: documents the key, its refusals and its policy on every one that is replayed', async () => {
    const document = (await server.stranger.get('/openapi.json')).body as {
      paths: Record<string, Record<string, any>>;
      components: { parameters: Record<string, any> };
    };
    const { IdempotencyKey: key } = document.components.parameters;
    expect(key).toMatchObject({
      in: 'header',
      name: 'Idempotency-Key',
      schema: { maxLength: expect.any(Number), pattern: expect.any(String) },
    });
    expect(JSON.stringify(key)).toMatch(/24 hours/);
    const missing = routes.filter((route) => {
      const operation = document.paths[route.path.replaceAll(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()];
      const documented = JSON.stringify(operation?.parameters ?? []).includes('#/components/parameters/IdempotencyKey');
      const refusals = ['400', '409', '422'].every((status) => status in operation.responses);
      return documented !== (route.audited && route.replayed) || (documented && !refusals);
    });
    expect(missing.map((route) => route.name)).toEqual([]);
  });

  it('documents If-Match as an offer, and its refusal, on every one that takes it', async () => {
    const document = (await server.stranger.get('/openapi.json')).body as {
      paths: Record<string, Record<string, any>>;
    };
    const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
    const takes = (operation: any) => JSON.stringify(operation.parameters).includes('#/components/parameters/IfMatch"');
    expect(takes(document.paths['/api/users/{id}']?.['patch'])).toBe(true);
    expect(operations.filter((operation) => takes(operation) !== '412' in operation.responses)).toEqual([]);
    expect(JSON.stringify(document.paths)).not.toContain('"if-match"');
  });

  it('CON-05: refuses everybody without a token, with a broken one, and without the permission', async () => {
    const guarded = routes.filter((route) => route.access?.kind !== 'public');
    for (const route of guarded) {
      const body = changes(route) ? {} : undefined;
      const none = await server.stranger.request(route.method, concrete(route.path), body);
      const broken = await server.stranger
        .with('eyJhbGciOiJub25lIn0.e30.')
        .request(route.method, concrete(route.path), body);
      expect([route.name, none.status, broken.status]).toEqual([route.name, 401, 401]);
      expect(none.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  it('SEC-18: lets in exactly the roles that the policies say', async () => {
    const operator = await server.world.operator();
    const payroll = await acme.person({ role: 'payroll' });
    const people = { employee: acme.employee, approver: acme.approver, payroll, admin: acme.admin, operator };
    const holds: Record<keyof typeof people, string[]> = {
      employee: ['attendance:read', 'attendance:write'],
      approver: ['attendance:read', 'attendance:write', 'attendance:approve'],
      payroll: ['attendance:read', 'attendance:write', 'attendance:approve', 'attendance:payroll'],
      admin: ['attendance:read', 'attendance:write', 'attendance:approve', 'attendance:admin'],
      operator: ['platform:admin'],
    };
    for (const route of routes) {
      const { access } = route;
      if (access?.kind !== 'permission' || route.path.endsWith('/export')) continue;
      for (const role of Object.keys(people) as (keyof typeof people)[]) {
        const reply = await people[role].api.request(
          route.method,
          concrete(route.path),
          changes(route) ? {} : undefined,
        );
        const allowed = access.anyOf.some((permission) => holds[role].includes(permission));
        const open = reply.status !== 403 && reply.status !== 401;
        expect([route.name, role, open, reply.status < 500]).toEqual([route.name, role, allowed, true]);
      }
    }
  });

  it('TEN-01: answers an id of another tenant like an id that does not exist, to the byte', async () => {
    const globex = await server.world.tenant();
    const punch = await acme.admin.api.post(
      '/api/punches',
      { employeeId: acme.employee.id, type: 'in' },
      { key: aKey() },
    );
    const entry = (await acme.admin.api.get('/api/audit-logs')).body.data[0].id as string;
    const idOf = async (path: string, body: unknown) => (await acme.admin.api.post(path, body)).body as { id: string };
    const holiday = await idOf('/api/attendance/holidays', { date: '2030-01-01', name: 'New Year' });
    const policy = await idOf('/api/attendance/policies', { name: 'Later', effectiveFrom: '2030-01-01', settings: {} });
    const leave = await acme.admin.api.post('/api/attendance/leave', {
      employeeId: acme.employee.id,
      date: '2030-01-02',
      code: 'vacation',
    });
    const period = await idOf('/api/pay-periods', { type: 'monthly', date: '2031-01-01' });
    const adjustment = await idOf('/api/adjustments', {
      employeeId: acme.employee.id,
      date: '2030-01-03',
      minutes: 5,
      reason: 'not yours',
    });
    const schedule = await idOf('/api/schedules', {
      employeeId: acme.employee.id,
      name: 'Plan',
      startDate: '2030-01-07',
    });
    const shift = await idOf(`/api/schedules/${schedule.id}/shifts`, {
      dayOfWeek: 1,
      startTime: '09:00',
      endTime: '17:00',
    });
    const correction = await idOf('/api/corrections', {
      kind: 'removed_punch',
      employeeId: acme.employee.id,
      punchId: punch.body.id as string,
      reason: 'not yours',
    });
    const exception = await idOf('/api/exceptions', {
      employeeId: acme.employee.id,
      date: '2030-01-03',
      description: 'Not yours',
    });
    const device = await idOf('/api/devices', { serialNumber: 'FOREIGN1', name: 'Gate' });
    const pin = await idOf(`/api/devices/${device.id}/pins`, { pin: '1', employeeId: acme.employee.id });
    const rows = [{ employeeNumber: 'nobody', type: 'in', timestamp: '2026-03-02T09:00:00Z' }];
    const { commitToken } = (await acme.admin.api.post('/api/attendance/import/prepare')).body as Record<
      string,
      string
    >;
    const batch = (await acme.admin.api.post('/api/attendance/import/commit', { rows, commitToken })).body
      .batchId as string;
    const profileBody = {
      name: 'Gate',
      kind: 'punches',
      mapping: { fields: { employee: 'Badge', timestamp: 'Booked at' } },
    };
    const profile = await idOf('/api/attendance/import/profiles', profileBody);
    const made = await idOf('/api/attendance/export/jobs', { kind: 'days' });
    const layoutBody = {
      name: 'Payroll',
      columns: [
        { heading: 'No', value: 'employeeId' },
        { heading: 'H', value: 'amount' },
      ],
      payCodes: [{ source: '*', code: '1' }],
    };
    const layout = await idOf('/api/attendance/export/layouts', layoutBody);
    const clerk = await globex.person({ role: 'payroll' });
    const foreign: Record<string, string> = {
      '/api/punches/:id': punch.body.id as string,
      '/api/users/:id': acme.employee.id,
      '/api/audit-logs/:id': entry,
      '/api/attendance/holidays/:id': holiday.id,
      '/api/attendance/leave/:id': leave.body.data[0].id as string,
      '/api/attendance/policies/:id': policy.id,
      '/api/punches/:id/quarantine': punch.body.id as string,
      '/api/pay-periods/:id': period.id,
      '/api/pay-periods/:id/close': period.id,
      '/api/pay-periods/:id/reopen': period.id,
      '/api/pay-periods/:id/totals': period.id,
      '/api/adjustments/:id': adjustment.id,
      '/api/corrections/:id': correction.id,
      '/api/corrections/:id/decide': correction.id,
      '/api/attendance/import/profiles/:id': profile.id,
      '/api/attendance/export/jobs/:id': made.id,
      '/api/attendance/export/layouts/:id': layout.id,
      '/api/attendance/import/rollback/:id': batch,
      '/api/attendance/import/jobs/:id': batch,
      '/api/attendance/import/batches/:id/errors': batch,
      '/api/attendance/import/batches/:id/items': batch,
      '/api/exceptions/:id': exception.id,
      '/api/exceptions/:id/resolve': exception.id,
      '/api/attendance/days/:employeeId/:date': acme.employee.id,
      '/api/attendance/days/:employeeId/:date/approval': acme.employee.id,
      '/api/devices/:id': device.id,
      '/api/devices/:id/pins': device.id,
      '/api/devices/:id/pins/:pinId': device.id,
      '/api/devices/:id/rejects/dismiss': device.id,
      '/api/devices/:id/rejects/retry': device.id,
      '/api/devices/:id/secret': device.id,
      '/api/schedules/:id': schedule.id,
      '/api/schedules/:id/publish': schedule.id,
      '/api/schedules/:id/shifts': schedule.id,
      '/api/schedules/:id/shifts/:shiftId': schedule.id,
      '/api/attendance-admin/users/:id/roles/assign': acme.employee.id,
      '/api/attendance-admin/users/:id/roles/unassign': acme.employee.id,
    };
    const bodies: Record<string, unknown> = {
      'PATCH /api/punches/:id': { type: 'out', reason: 'not mine' },
      'DELETE /api/punches/:id': { reason: 'not mine' },
      'PATCH /api/users/:id': { name: 'Mallory' },
      'PUT /api/punches/:id/quarantine': { status: 'void', reason: 'not mine' },
      'PATCH /api/pay-periods/:id': { name: 'Not mine' },
      'POST /api/devices/:id/rejects/dismiss': { rejectIds: [randomUUID()], reason: 'not mine' },
      'POST /api/pay-periods/:id/close': {},
      'POST /api/pay-periods/:id/reopen': { reason: 'not mine' },
      'DELETE /api/adjustments/:id': { reason: 'not mine' },
      'PUT /api/corrections/:id/decide': { status: 'approved' },
      'PUT /api/exceptions/:id/resolve': { status: 'approved' },
      'DELETE /api/exceptions/:id': { reason: 'not mine' },
      'PUT /api/attendance/days/:employeeId/:date/approval': { status: 'approved' },
      'PATCH /api/devices/:id': { name: 'Not mine' },
      'POST /api/devices/:id/pins': { pin: '2', employeeId: acme.employee.id },
      'PUT /api/attendance/export/layouts/:id': layoutBody,
      'PUT /api/attendance/import/profiles/:id': profileBody,
      'PATCH /api/schedules/:id': { name: 'Not mine' },
      'POST /api/schedules/:id/publish': {},
      'POST /api/schedules/:id/shifts': { dayOfWeek: 1, startTime: '09:00', endTime: '17:00' },
      'PATCH /api/schedules/:id/shifts/:shiftId': { startTime: '10:00' },
      'PATCH /api/attendance/holidays/:id': { name: 'Not mine' },
      'PATCH /api/attendance/policies/:id': { name: 'Not mine' },
      'POST /api/attendance-admin/users/:id/roles/assign': { template: 'approver' },
      'POST /api/attendance-admin/users/:id/roles/unassign': { template: 'employee' },
    };
    const withId = routes.filter(
      (route) => /:(id|employeeId)\b/.test(route.path) && !route.path.startsWith('/api/tenants'),
    );
    // TEN-10: a route with an id that is not in the table fails here.
    expect(withId.map((route) => route.path).filter((path) => !(path in foreign))).toEqual([]);
    for (const route of withId) {
      // Reopening is a right that administrators do not have.
      const { api } = route.path.endsWith('/reopen') ? clerk : globex.admin;
      const ask = async (id: string) => {
        // What else stands in the path is real: it must not open what the id keeps closed.
        const path = route.path
          .replace(/:(id|employeeId)\b/, id)
          .replace(':shiftId', shift.id)
          .replace(':pinId', pin.id)
          .replace(':date', '2026-03-02');
        const reply = await api.request(route.method, path, bodies[route.name]);
        return [reply.status, reply.text.replaceAll(id, 'ID').replace(/"requestId":"[^"]*"/, '')];
      };
      const other = await ask(foreign[route.path] ?? '');
      expect([route.name, other]).toEqual([route.name, await ask(randomUUID())]);
      expect([route.name, other[0]]).toEqual([route.name, 404]);
      expect([route.name, (await ask('exc-123'))[0]]).toEqual([route.name, 404]);
    }
  });

  it('CON-06: answers an undefined method with 405 and what is allowed', async () => {
    for (const path of new Set(routes.map((route) => route.path))) {
      const allowed = routes.filter((route) => route.path === path).map((route) => route.method);
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((name) => !allowed.includes(name))) {
        const reply = await acme.admin.api.request(method, concrete(path));
        const matchedElsewhere = routes.some(
          (route) =>
            route.method === method && new RegExp(`^${route.path.replaceAll(/:\w+/g, '[^/]+')}$`).test(concrete(path)),
        );
        if (matchedElsewhere) continue;
        expect([method, path, reply.status]).toEqual([method, path, 405]);
        for (const name of allowed) expect(reply.headers.get('allow')).toContain(name);
      }
    }
  });
});

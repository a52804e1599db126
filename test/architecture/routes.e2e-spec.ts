import { tenantForFile } from '../support/scene';
import { changes, concrete, type Route, routesOf } from './route-table';

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
  'POST /api/api-keys',
  'POST /api/api-keys/:id/rotate',
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

const { server, tenant: acme } = tenantForFile();
let routes: Route[];

beforeAll(() => {
  routes = routesOf(server);
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

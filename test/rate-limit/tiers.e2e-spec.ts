import { costlyRoutes, routeTier } from '../../src/rate-limit/route-tier';
import { routesOf } from '../architecture/route-table';
import type { Reply } from '../support/client';
import { tenantForEachTest } from '../support/scene';
import { startServer } from '../support/server';

const settings = '/api/attendance/settings';
const environment = {
  ATTENDANCE_RATE_LIMIT_ENABLED: 'true',
  RATE_LIMIT_UPLOADS_PER_HOUR: '2',
  ATTENDANCE_RATE_LIMIT_IMPORT_PREPARE_PER_MIN: '3',
  ATTENDANCE_RATE_LIMIT_IMPORT_PREVIEW_PER_MIN: '2',
  ATTENDANCE_RATE_LIMIT_IMPORT_COMMIT_PER_MIN: '1',
  ATTENDANCE_RATE_LIMIT_EXPORT_PER_MIN: '2',
  ATTENDANCE_RATE_LIMIT_ADMIN_WRITE_PER_MIN: '9',
};
const { server, tenant: acme } = tenantForEachTest(environment, startServer);

const calls: Record<string, () => Promise<Reply>> = {
  upload: () => acme.admin.api.post('/api/attendance/import/upload', 'x', { headers: { 'content-type': 'text/csv' } }),
  'import-prepare': () => acme.admin.api.post('/api/attendance/import/prepare'),
  'import-preview': () => acme.admin.api.post('/api/attendance/import/preview'),
  'import-commit': () => acme.admin.api.post('/api/attendance/import/commit'),
  export: () => acme.admin.api.get('/api/attendance/export?from=2026-03-01&to=2026-03-02'),
};

it.each([
  ['upload', 2, 3600],
  ['import-prepare', 3, 60],
  ['import-preview', 2, 60],
  ['import-commit', 1, 60],
  ['export', 2, 60],
])('%s has a quota of its own beside that of all requests: %i', async (name, limit, seconds) => {
  const replies: Reply[] = [];
  for (let asked = 0; asked <= limit; asked++) replies.push(await (calls[name] as () => Promise<Reply>)());
  expect(replies.map(({ status }) => status === 429)).toEqual([...Array<boolean>(limit).fill(false), true]);
  expect(replies[0]?.headers.get('ratelimit-policy')).toBe(
    `"authenticated";q=1200;w=60, "${name}";q=${limit};w=${seconds}`,
  );
  expect(replies.at(-1)?.body).toMatchObject({ code: 'quota_exceeded', violatedPolicies: [name] });
  expect((await acme.admin.api.get('/api/auth/me')).status).toBe(200);
});

it('admin-write counts what administrators alone may change, over all those routes', async () => {
  const make = (n: number) => acme.admin.api.post('/api/users', { name: `Person ${n}`, role: 'employee' });
  for (let n = 0; n < 8; n++) expect((await make(n)).status).toBe(201);
  expect((await acme.admin.api.put(settings, {})).status).toBe(200);
  expect((await make(9)).body.violatedPolicies).toEqual(['admin-write']);
  expect((await acme.admin.api.get(settings)).status).toBe(200);
});

it('every route that is named is one, and no punch is a write of administrators', () => {
  const routes = routesOf(server);
  const names = routes.map(({ name }) => name);
  expect(Object.keys(costlyRoutes).filter((name) => !names.includes(name.replace('HEAD', 'GET')))).toEqual([]);
  const tiers = new Map(routes.map(({ name, method, path, access }) => [name, routeTier(method, path, access)]));
  expect(['POST /api/punches', 'GET /api/users', 'POST /api/corrections'].map((name) => tiers.get(name))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(['PUT /api/attendance/settings', 'POST /api/tenants'].map((name) => tiers.get(name))).toEqual([
    'adminWritePerMinute',
    'adminWritePerMinute',
  ]);
});

describe('a tenant', () => {
  const lowered = (quotas: object) => acme.admin.api.put(settings, { quotas });

  it('lowers its quotas, at once and for itself alone', async () => {
    const other = await server.world.tenant();
    const saved = await lowered({ exportPerMinute: 1 });
    expect([saved.status, saved.headers.get('etag'), saved.body.quotas.exportPerMinute]).toEqual([200, '"2"', 1]);
    const first = await calls['export']?.();
    expect(first?.headers.get('ratelimit-policy')).toContain('"export";q=1;w=60');
    expect((await calls['export']?.())?.status).toBe(429);
    const ofOther = await other.admin.api.get('/api/attendance/export?from=2026-03-01&to=2026-03-02');
    expect(ofOther.headers.get('ratelimit-policy')).toContain('"export";q=2;w=60');
  });

  it('does not raise them: neither above what the deployment says nor above what was set; its operator does', async () => {
    const high = await lowered({ exportPerMinute: 3 });
    expect([high.status, high.body.errors[0].pointer]).toEqual([403, '/quotas/exportPerMinute']);
    expect((await lowered({ exportPerMinute: 1 })).status).toBe(200);
    expect((await lowered({ exportPerMinute: 2 })).body.errors[0].detail).toContain('must stay 1 or less');
    expect((await lowered({})).status).toBe(403);
    const operator = await server.world.operator();
    const raised = await operator.api.patch(`/api/tenants/${acme.id}`, { quotas: { exportPerMinute: 5 } });
    expect([raised.status, raised.body.quotas.exportPerMinute]).toEqual([200, 5]);
    expect((await calls['export']?.())?.headers.get('ratelimit-policy')).toContain('"export";q=5;w=60');
  });

  it.each([
    [{ exportPerMinute: 0 }, '/quotas/exportPerMinute'],
    [{ exportPerMinute: 1_000_001 }, '/quotas/exportPerMinute'],
    [{ uploadsPerHour: 1.5 }, '/quotas/uploadsPerHour'],
    [{ exportsPerMinute: 3 }, '/quotas/exportsPerMinute'],
  ])('is told where %j is no quota', async (quotas, pointer) => {
    const refused = await lowered(quotas);
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, pointer]);
  });
});

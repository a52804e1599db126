import { Client } from 'pg';
import { tenantForFile } from '../support/scene';
import { startServer } from '../support/server';
import { aKey } from '../support/client';
import { untilWaiting } from '../support/faults';
import { until } from '../support/until';

const { server, tenant: acme } = tenantForFile(
  {
    DATABASE_POOL_MAX: '3',
    DATABASE_ACQUIRE_TIMEOUT_MS: '2000',
    AUTH_PRINCIPAL_CACHE_MS: '60000',
  },
  startServer,
);

const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string;
const get = (path: string) => server.stranger.get(path);
/** PostgreSQL has 400 ms to answer, which it may miss on a busy machine for once. */
const isReady = () => until(async () => (await get('/ready')).status === 200, 'the server is ready');

describe('the probes', () => {
  it('answer the bodies that orchestrators rely on, without a token', async () => {
    expect((await get('/health')).body).toEqual({
      status: 'ok',
      timestamp,
      uptime: expect.any(Number),
      version: '0.1.0',
      environment: 'test',
    });
    expect((await get('/health/live')).body).toEqual({ status: 'alive', timestamp, uptime: expect.any(Number) });
    const ready = {
      status: 'ready',
      checks: { database: 'ok', redis: 'not configured' },
      timestamp,
      database_latency_ms: expect.any(Number),
    };
    await isReady();
    expect((await get('/ready')).body).toEqual(ready);
    expect((await get('/health/ready')).body).toEqual(ready);
    expect((await get('/health/full')).body).toMatchObject({
      status: 'healthy',
      version: '0.1.0',
      checks: { database: { status: 'up' } },
      workers: {
        days: { status: 'ok' },
        imports: { status: 'ok' },
        exports: { status: 'ok' },
        retention: { status: 'ok' },
        'request-trail': { status: 'ok' },
      },
    });
    expect((await get('/healthz')).body).toEqual({ status: 'ok', database: 'up', service: 'rollcall' });
    expect((await get('/api/version')).body).toEqual({ version: '0.1.0', environment: 'test' });
  });

  it('LIM-15: are never limited', async () => {
    const replies = await Promise.all(Array.from({ length: 500 }, () => get('/ready')));
    // 503 is what a busy machine may deserve: PostgreSQL has 400 ms to answer.
    expect(replies.filter(({ status }) => status !== 200 && status !== 503)).toEqual([]);
    expect(replies.map(({ headers }) => headers.get('ratelimit')).filter(Boolean)).toEqual([]);
  });

  it('OPS-10: answer at once while every connection is taken, and requests get 503 in time', async () => {
    const holder = new Client({ connectionString: server.database.urls.superuser });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM users WHERE id = $1 FOR UPDATE', [acme.employee.id]);
    const stuck = Array.from({ length: 3 }, () =>
      acme.admin.api.patch(`/api/users/${acme.employee.id}`, { name: 'Held' }, { key: aKey() }),
    );
    let ended = 0;
    for (const one of stuck) void one.then(() => ended++);
    await untilWaiting(server.database, 'Lock', 3);
    const live = await get('/health/live');
    await isReady();
    expect([live.status, ended]).toEqual([200, 0]);
    const refused = await acme.admin.api.get('/api/punches');
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
      503,
      'database_unavailable',
      '1',
    ]);
    await holder.query('ROLLBACK');
    await holder.end();
    await Promise.all(stuck);
    expect((await acme.admin.api.get('/api/punches')).status).toBe(200);
  });

  it('OPS-08: tell the truth while PostgreSQL is away, and recover without a restart', async () => {
    const outside = new Client({
      connectionString: server.database.urls.superuser.replace(`/${server.database.name}`, '/postgres'),
    });
    await outside.connect();
    await outside.query(`ALTER DATABASE ${server.database.name} CONNECTION LIMIT 0`);
    await outside.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename LIKE 'rollcall%'`,
      [server.database.name],
    );
    const ready = await until(async () => {
      const reply = await get('/ready');
      return reply.status === 503 ? reply : undefined;
    }, 'readiness has seen it');
    expect([ready.status, ready.body]).toEqual([
      503,
      {
        status: 'not_ready',
        reason: 'Database unavailable',
        checks: { database: 'error: connection failed or timed out', redis: 'not configured' },
        timestamp,
      },
    ]);
    expect((await get('/health/live')).status).toBe(200);
    expect((await get('/healthz')).body).toMatchObject({ status: 'degraded', database: 'down' });
    const refused = await acme.admin.api.get('/api/punches');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(refused.text).not.toMatch(/rollcall_app|127\.0\.0\.1|SQL/);
    await outside.query(`ALTER DATABASE ${server.database.name} CONNECTION LIMIT -1`);
    await outside.end();
    await until(async () => (await get('/ready')).status === 200, 'it is ready again');
    expect((await acme.admin.api.get('/api/punches')).status).toBe(200);
    const page = (await get('/metrics')).text;
    expect(page).toMatch(/^http_request_duration_seconds_count\{method="GET",route="\/ready",status_code="503"\}/m);
    expect(page).not.toMatch(/^attendance_api_errors_total\{route="\/ready"/m); // B7: it did its duty
  });
});

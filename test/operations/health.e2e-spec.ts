import { request as httpRequest } from 'node:http';
import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { startServer, type TestServer } from '../support/server';
import { aKey } from '../support/client';
import type { Tenant } from '../support/world';
import { untilWaiting } from '../support/faults';
import { until } from '../support/until';

let server: TestServer;
let acme: Tenant;
beforeAll(async () => {
  server = await startServer({
    DATABASE_POOL_MAX: '3',
    DATABASE_ACQUIRE_TIMEOUT_MS: '2000',
    AUTH_PRINCIPAL_CACHE_MS: '60000',
  });
  acme = await server.world.tenant();
});
afterAll(() => server.close());

const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string;
const get = (path: string) => server.stranger.get(path);
const metric = async (name: string) => (await get('/metrics')).text.split('\n').filter((line) => line.startsWith(name));

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
    const ready = await get('/ready');
    expect([live.status, ready.status, ended]).toEqual([200, 200, 0]);
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

describe('the workers behind the requests', () => {
  it('B8: back off while the database is away, name kind, cause and next try, show it, and go on by themselves', async () => {
    const lines: string[] = [];
    const heard = jest.spyOn(Logger.prototype, 'warn').mockImplementation((line) => lines.push(String(line)));
    const working = await startServer({ DAY_WORKER: 'on', IMPORT_WORKER: 'on', EXPORT_WORKER: 'on' });
    const outside = new Client({ connectionString: server.database.urls.superuser });
    await outside.connect();
    try {
      const failing = async () =>
        (await working.stranger.get('/metrics')).text.match(
          /^rollcall_worker_failing\{worker="(days|imports|exports)"\} 1$/gm,
        )?.length ?? 0;
      expect(await failing()).toBe(0);
      await outside.query(`ALTER DATABASE ${working.database.name} CONNECTION LIMIT 0`);
      await outside.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename LIKE 'rollcall%'`,
        [working.database.name],
      );
      await until(async () => (await failing()) === 3, 'all of them are seen to fail');
      const ofDays = () => lines.filter((line) => line.startsWith('Looking for days'));
      await until(() => ofDays().length >= 3, 'it has been tried three times');
      const pauses = ofDays().map((line) =>
        Number(/^Looking for days to compute failed: database_unavailable: .+; next try in (\d+) s$/.exec(line)?.[1]),
      );
      expect(pauses.slice(0, 3)).toEqual([1, 2, 4]);
      const { status, body } = await working.stranger.get('/health/full');
      expect([status, body.status]).toEqual([503, 'unhealthy']);
      expect(body.workers.imports).toEqual({ status: 'failing', since: timestamp, code: 'database_unavailable' });
      await outside.query(`ALTER DATABASE ${working.database.name} CONNECTION LIMIT -1`);
      await until(async () => (await failing()) === 0, 'all of them work again');
      expect((await working.stranger.get('/health/full')).body.workers.imports).toEqual({ status: 'ok' });
    } finally {
      heard.mockRestore();
      await outside.end();
      await working.close();
    }
  });
});

describe('the metrics', () => {
  it('have both names that existing dashboards ask for from the start', async () => {
    const page = (await get('/metrics/prom')).text;
    expect(page).toMatch(/^# TYPE attendance_api_errors_total counter$/m);
    expect(page).toMatch(/^# TYPE attendance_rate_limited_total counter$/m);
  });

  it('B7: show the series whose labels are known before their first event', async () => {
    const page = (await get('/metrics')).text;
    for (const series of [
      'attendance_rate_limited_total{route="/api/punches",method="POST"} 0',
      'attendance_rate_limited_total{route="/iclock/cdata",method="POST"} 0',
      'audit_write_failures_total{trail="ledger"} 0',
      'idempotency_errors_total{op="claim"} 0',
      'idempotency_requests_total{outcome="reused"} 0',
      'auth_attempts_total{kind="login",result="failure"} 0',
      'errors_total{error_type="deadline_exceeded",status_code="503"} 0',
      'retention_runs_total{policy="idempotency_keys",result="failure"} 0',
      'punches_recorded_total{type="unknown",source="terminal"} 0',
      'database_query_duration_seconds_count{query_type="delete"} 0',
    ])
      expect(page).toContain(`\n${series}\n`);
  });

  it('B4: count a refusal by a quota once, whatever kind of quota it was', async () => {
    const limited = await startServer(
      { RATE_LIMIT: 'on', RATE_LIMIT_AUTHENTICATED_PER_MINUTE: '3', RATE_LIMIT_LOGIN_PER_15_MINUTES: '1' },
      server.database,
    );
    try {
      const refusals = async (route: string, method: string) => {
        const page = (await limited.stranger.get('/metrics')).text;
        const series = `attendance_rate_limited_total{route="${route}",method="${method}"} `;
        return Number(
          page
            .split('\n')
            .find((line) => line.startsWith(series))
            ?.slice(series.length),
        );
      };
      const caller = limited.stranger.with((await limited.world.tenant('limited')).employee.token);
      const read = [];
      for (let asked = 0; asked < 8; asked++) read.push((await caller.get('/api/punches')).status);
      expect(await refusals('/api/punches', 'GET')).toBe(read.filter((status) => status === 429).length);
      expect(await refusals('/api/punches', 'GET')).toBeGreaterThan(0);
      const signingIn = { email: 'nobody@example.test', password: 'wrong' };
      const tried = [];
      for (let asked = 0; asked < 4; asked++)
        tried.push((await limited.stranger.post('/api/auth/login', signingIn)).status);
      expect(tried).toEqual([401, 429, 429, 429]);
      expect(await refusals('/api/auth/login', 'POST')).toBe(3);
    } finally {
      await limited.close();
    }
  });

  it('OPS-15: move by one for one request, and count no ids', async () => {
    const count = async () => {
      const [line] = await metric(
        'http_request_duration_seconds_count{method="GET",route="/api/punches/:id",status_code="404"}',
      );
      return Number(line?.split(' ').at(-1) ?? 0);
    };
    const before = await count();
    for (let sent = 0; sent < 2000; sent += 100) {
      await Promise.all(Array.from({ length: 100 }, () => server.stranger.get(`/api/unknown/${randomUUID()}`)));
    }
    expect((await acme.admin.api.get(`/api/punches/${randomUUID()}`)).status).toBe(404);
    expect(await count()).toBe(before + 1);
    const series = (await get('/metrics')).text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(series.length).toBeLessThan(2000);
  });

  it('OPS-15: forget requests whose clients went away', async () => {
    await Promise.all(
      Array.from(
        { length: 20 },
        () =>
          new Promise<void>((resolve) => {
            const request = httpRequest(`${server.url}/api/punches`, {
              method: 'POST',
              headers: { 'content-length': '1000', 'content-type': 'application/json' },
            });
            request.on('error', () => {
              resolve();
            });
            request.write('{"employeeId":');
            setTimeout(() => request.destroy(), 30);
          }),
      ),
    );
    // The page that tells is itself being served.
    const inFlight = async () => (await metric('http_requests_in_flight'))[0];
    await until(async () => (await inFlight()) === 'http_requests_in_flight 1', 'none of them counts any more');
  });

  it('OPS-16: come as OpenMetrics when asked', async () => {
    const reply = await server.stranger.get('/metrics', { headers: { accept: 'application/openmetrics-text' } });
    expect(reply.headers.get('content-type')).toMatch(/^application\/openmetrics-text/);
    expect(reply.text.trimEnd()).toMatch(/# EOF$/);
  });
});

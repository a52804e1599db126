import { randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { register } from 'prom-client';
import { aKey } from '../support/client';
import { tenantForFile } from '../support/scene';
import { startServer, type TestServer } from '../support/server';
import { until } from '../support/until';

const { server, tenant: acme } = tenantForFile({}, startServer);

const get = (path: string) => server.stranger.get(path);
const metric = async (name: string) => (await get('/metrics')).text.split('\n').filter((line) => line.startsWith(name));
const pageOf = async (server: TestServer) => (await server.stranger.get('/metrics')).text.split('\n');
const punched = 'punches_recorded_total{type="in",source="web"}';

it('each application of a process has a registry of its own, and none uses that of the library', async () => {
  const [one, other] = [await startServer(), server];
  try {
    const acme = await one.world.tenant();
    const punch = { employeeId: acme.employee.id, type: 'in', source: 'web' };
    expect((await acme.employee.api.post('/api/punches', punch, { key: aKey() })).status).toBe(201);
    const [counted, elsewhere] = [await pageOf(one), await pageOf(other)];
    expect([counted.includes(`${punched} 1`), elsewhere.includes(`${punched} 0`)]).toEqual([true, true]);
    for (const page of [counted, elsewhere])
      expect(page.some((line) => line.startsWith('process_cpu_seconds_total'))).toBe(true);
    expect(await register.getMetricsAsJSON()).toEqual([]);
  } finally {
    await one.close();
  }
});

describe('the metrics', () => {
  it('have both names that existing dashboards ask for from the start', async () => {
    const page = (await get('/metrics/prom')).text;
    expect(page).toMatch(/^# TYPE attendance_api_errors_total counter$/m);
    expect(page).toMatch(/^# TYPE attendance_rate_limited_total counter$/m);
  });

  it('keep their names in the text format after somebody has asked for OpenMetrics', async () => {
    const names = async () => (await get('/metrics')).text.match(/^# TYPE \S+/gm);
    const before = await names();
    const open = await server.stranger.get('/metrics', { headers: { accept: 'application/openmetrics-text' } });
    expect(open.text).toContain('# EOF');
    expect(await names()).toEqual(before);
    expect(before).toContain('# TYPE punches_recorded_total');
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
      {
        ATTENDANCE_RATE_LIMIT_ENABLED: 'on',
        RATE_LIMIT_AUTHENTICATED_PER_MINUTE: '3',
        RATE_LIMIT_LOGIN_PER_15_MINUTES: '1',
      },
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

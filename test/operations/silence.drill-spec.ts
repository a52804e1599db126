import { heldPunches, untilWaiting } from '../support/faults';
import { startServer, type TestServer } from '../support/server';
import { silencer, type Silencer } from '../support/silencer';
import { aKey, type Client } from '../support/client';
import { until } from '../support/until';
import { answersOf, bounds, statusOf } from './silent-scene';

const metric = async (server: TestServer, name: string) =>
  Number(new RegExp(`^${name} (.*)$`, 'm').exec((await server.stranger.get('/metrics')).text)?.[1]);

describe('a database that says nothing on the connections that are open', () => {
  let server: TestServer;
  let between: Silencer;
  let caller: Client;
  beforeAll(async () => {
    server = await startServer(bounds, undefined, async (url) => {
      between = await silencer(url);
      return between.through(url);
    });
    caller = (await server.world.tenant()).admin.api;
  });
  afterAll(async () => {
    await server.close();
    await between.close();
  });

  it('B1: every request is answered within its deadline, /ready says 503, and all is well again without a restart', async () => {
    expect(new Set(await answersOf(caller, 20))).toEqual(new Set(['200']));
    expect(between.silence()).toBeGreaterThan(1);
    const answers = answersOf(caller, 40);
    await until(async () => (await statusOf(server.url, '/ready')) === 503, 'readiness has seen it');
    expect(await statusOf(server.url, '/health/live')).toBe(200);
    for (const answer of await answers) expect(['200', '503 database_unavailable']).toContain(answer);
    await until(async () => (await statusOf(server.url, '/ready')) === 200, 'it is ready again');
    expect(new Set(await answersOf(caller, 20))).toEqual(new Set(['200']));
  });

  it('B1: a server that nobody asks finds out by its probes, before a request has to', async () => {
    await answersOf(caller, 5);
    between.silence();
    await until(async () => (await statusOf(server.url, '/ready')) === 503, 'a probe has seen it');
    // The connection of the probes itself was silent as well; the pool is asked once its last answer is some seconds old.
    await until(async () => (await metric(server, 'database_pool_connections{state="free"}')) === 0, 'none is kept');
    expect(await answersOf(caller, 5)).toEqual(['200', '200', '200', '200', '200']);
  });
});

describe('a request that waits in front of its handler', () => {
  it('B1: is given up at its deadline, guards included; a read is not told of a change', async () => {
    let between: Silencer | undefined;
    const server = await startServer(
      { ...bounds, DATABASE_STATEMENT_TIMEOUT_MS: '9900', REQUEST_DEADLINE_MS: '10000' },
      undefined,
      async (url) => (between = await silencer(url)).through(url),
    );
    try {
      const { admin, employee } = await server.world.tenant();
      await answersOf(admin.api, 1);
      between?.silence();
      const [read, written] = [
        admin.api.get('/api/punches'),
        employee.api.post('/api/punches', { employeeId: employee.id, type: 'in' }, { key: aKey() }),
      ];
      await until(async () => (await metric(server, 'http_oldest_request_seconds')) > 5, 'the gauge shows the oldest');
      const answers = await Promise.all([read, written]);
      // Whichever got a fresh connection instead of the silent one was served.
      const late = answers.filter(({ status }) => status !== 200 && status !== 201);
      expect(late.length).toBeGreaterThan(0);
      for (const { status, body } of late) expect([status, body.code]).toEqual([503, 'deadline_exceeded']);
      if (answers[0].status === 503) expect(answers[0].body.detail).not.toContain('change');
      if (answers[1].status === 503) expect(answers[1].body.detail).toContain('same Idempotency-Key');
      expect(await server.stranger.get('/api/punches')).toMatchObject({ status: 401 }); // its connection lives
      await until(async () => (await statusOf(server.url, '/ready')) === 200, 'it is ready again');
    } finally {
      await server.close();
      await between?.close();
    }
  });
});

describe('a statement that takes as long as it may', () => {
  it('B1: leaves the replica ready, though it uses the only connection', async () => {
    const server = await startServer({ DATABASE_POOL_MAX: '1', AUTH_PRINCIPAL_CACHE_MS: '60000' });
    try {
      const { employee } = await server.world.tenant();
      await employee.api.get('/api/auth/me');
      const held = await heldPunches(server.database, employee);
      const punch = employee.api.post('/api/punches', { employeeId: employee.id, type: 'in' }, { key: aKey() });
      await untilWaiting(server.database, 'PgSleep');
      const started = performance.now();
      const seen = new Set<number>();
      await until(async () => {
        seen.add(await statusOf(server.url, '/ready'));
        return performance.now() - started > 5000; // longer than a silent connection would be believed
      }, 'it has been looked at for a while');
      expect([...seen]).toEqual([200]);
      await held.lift();
      expect((await punch).status).toBe(201);
    } finally {
      await server.close();
    }
  });
});

import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { firstFreePort } from '../../src/database/embedded/ports';
import { builtProgram } from '../support/build';
import { TestDatabase } from '../support/database';
import { runProcess, settingsFor, startProcess } from '../support/processes';
import { untilWaiting } from '../support/faults';
import { until } from '../support/until';

let database: TestDatabase;
let settings: Record<string, string>;
beforeAll(async () => {
  database = await TestDatabase.create();
  settings = settingsFor(database, await mkdtemp(path.join(os.tmpdir(), 'rollcall-process-')));
});
afterAll(() => database.drop());

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('the end of a process', () => {
  it('OPS-03: finishes the request in flight, then goes', async () => {
    const server = await startProcess(settings);
    await database.sql(
      `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(3); RETURN NEW; END $$`,
    );
    await database.sql('CREATE TRIGGER slow BEFORE INSERT ON audit_logs FOR EACH ROW EXECUTE FUNCTION slow()');
    const slow = fetch(`${server.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'nobody@example.test', password: 'not the password' }),
    });
    await untilWaiting(database, 'PgSleep');
    server.kill('SIGTERM');
    const reply = await slow;
    expect([reply.status, reply.headers.get('connection')]).toEqual([401, 'close']);
    await reply.text();
    expect(await server.exited).toEqual({ code: 0, signal: null });
    await database.sql('DROP TRIGGER slow ON audit_logs');
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'B2, B10: %s, and the same once more within a second, drains and says so in its last line',
    async (signal) => {
      const server = await startProcess({ ...settings, DRAIN_DELAY_MS: '1500', SHUTDOWN_TIMEOUT_MS: '120000' });
      server.kill(signal);
      server.kill(signal);
      await until(async () => !(await fetch(`${server.url}/ready`)).ok, 'the server is not ready any more');
      server.kill(signal);
      expect((await fetch(`${server.url}/health`)).status).toBe(200);
      expect(await server.exited).toEqual({ code: 0, signal: null });
      expect(server.output.trimEnd().split('\n').at(-1)).toMatch(/"msg":"Graceful shutdown completed in \d+ ms"/);
    },
  );

  it('B2: a server whose lines nobody takes, as on a full disk or a terminal that was closed, drains and ends well', async () => {
    const full = openSync('/dev/full', 'w');
    const PORT = String(await firstFreePort(0, '127.0.0.1'));
    const server = await startProcess({ ...settings, PORT, SHUTDOWN_TIMEOUT_MS: '120000' }, undefined, undefined, full);
    closeSync(full);
    for (let n = 0; n < 10; n++) await fetch(`${server.url}/api/users`); // lines that wait
    server.kill('SIGHUP');
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  it('OPS-06: ends at once at a second signal that somebody means', async () => {
    const server = await startProcess({ ...settings, DRAIN_DELAY_MS: '60000', SHUTDOWN_TIMEOUT_MS: '120000' });
    const started = performance.now();
    server.kill('SIGINT');
    await until(() => server.output.includes('draining'), 'the first one has arrived');
    await sleep(1100);
    server.kill('SIGINT');
    expect((await server.exited).code).toBe(1);
    expect(performance.now() - started).toBeLessThan(30_000);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'B2: %s to npm and all its children, as Ctrl-C and systemd send it, drains as well',
    async (signal) => {
      const folder = await mkdtemp(path.join(os.tmpdir(), 'rollcall-npm-'));
      const start = `exec ${process.execPath} ${builtProgram()}`;
      await writeFile(path.join(folder, 'package.json'), JSON.stringify({ name: 'started', scripts: { start } }));
      const server = await startProcess({ ...settings, DRAIN_DELAY_MS: '1500' }, ['npm', 'start'], folder);
      process.kill(-server.pid, signal);
      await until(() => server.output.includes('draining'), 'the signal has arrived');
      expect((await fetch(`${server.url}/health`)).status).toBe(200);
      await server.exited;
      await until(() => server.output.includes('Graceful shutdown completed'), 'the last line is written');
    },
  );

  it.each(['info', 'silent'])(
    'B3: of an uncaught exception, with LOG_LEVEL=%s, it is said on standard error, scrubbed, and exit code 1',
    async (level) => {
      const folder = await mkdtemp(path.join(os.tmpdir(), 'rollcall-fatal-'));
      const preloaded = path.join(folder, 'fails-on-demand.js');
      await writeFile(
        preloaded,
        `process.once('SIGUSR2', () => setImmediate(() => { throw new Error('boom, password=s3cret-canary'); }));`,
      );
      const server = await startProcess({
        ...settings,
        NODE_OPTIONS: `--require ${preloaded}`,
        LOG_LEVEL: level,
        PORT: String(await firstFreePort(20_000 + Math.floor(Math.random() * 20_000), '127.0.0.1')),
      });
      server.kill('SIGUSR2');
      expect(await server.exited).toEqual({ code: 1, signal: null });
      expect(server.errors).toMatch(/^uncaught exception, the process ends: Error: boom, password=\[redacted\]/m);
      expect(server.output).not.toContain('s3cret-canary');
      const lines = server.output.split('\n').filter((line) => line.includes('"level":"fatal"'));
      expect(lines).toHaveLength(level === 'info' ? 1 : 0);
    },
  );
});

describe('a start', () => {
  it('B12, B16: names what nobody reads; its workers find a connection at once', async () => {
    const server = await startProcess({ ...settings, METRIC_TOKEN: 's3cret-canary' });
    server.kill('SIGTERM');
    await server.exited;
    const warnings = server.output.split('\n').filter((line) => line.includes('"level":"warn"'));
    expect(warnings.filter((line) => line.includes('is no setting'))).toEqual([
      expect.stringContaining('METRIC_TOKEN is no setting and is not read: is METRICS_TOKEN meant?'),
    ]);
    // Its workers found a connection, however busy the machine is.
    expect(warnings.filter((line) => line.includes('next try'))).toEqual([]);
    expect(server.output).not.toContain('s3cret-canary');
  });
});

describe('LOG-01: the log files of a server', () => {
  it('are those that were asked for, for the owner alone, and the last line is in them', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'rollcall-logs-'));
    const server = await startProcess({
      ...settings,
      NODE_ENV: 'development',
      LOG_FILE: path.join(folder, 'logs', 'rollcall.log'),
    });
    server.kill('SIGTERM');
    await server.exited;
    const files = (await readdir(path.join(folder, 'logs'))).sort();
    expect(files).toEqual(['rollcall.debug.log', 'rollcall.error.log', 'rollcall.log']);
    const [debug = '', errors, combined = ''] = await Promise.all(
      files.map((name) => readFile(path.join(folder, 'logs', name), 'utf8')),
    );
    for (const name of files) expect((await stat(path.join(folder, 'logs', name))).mode & 0o777).toBe(0o600);
    for (const text of [debug, combined])
      expect(text.trimEnd().split('\n').at(-1)).toContain('Graceful shutdown completed');
    expect(errors).toBe('');
    expect(debug).toContain('"route":"/ready"'); // probes are written at debug
    expect(combined).not.toContain('"level":"debug"');
    expect(server.output).not.toContain('"level":"debug"');
  });
});

describe('OPS-13: a start that cannot succeed', () => {
  const production = {
    NODE_ENV: 'production',
    PORT: '0',
    METRICS_PUBLIC: 'on',
    AUTH_SIGNING_KEYS: JSON.stringify([
      {
        kty: 'OKP',
        crv: 'Ed25519',
        kid: 'k',
        d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
        x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
      },
    ]),
  };

  it.each([
    ['a superuser', () => database.urls.superuser, /superuser/],
    ['the owner', () => database.urls.owner, /owner/],
    ['an unreachable host', () => 'postgresql://u:s3cret-canary@127.0.0.1:9/rollcall', /cannot be used/],
  ])('TEN-17: ends in one clear line in production with %s', async (_, url, words) => {
    const { code, output } = await runProcess({ ...production, DATABASE_URL: url() });
    expect([code, output.trim().split('\n').length]).toEqual([1, 1]);
    expect(output).toMatch(words);
    expect(output).not.toContain('s3cret-canary');
  });
});

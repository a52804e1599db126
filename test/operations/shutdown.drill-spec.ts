import { Agent, request as httpRequest } from 'node:http';
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { TestDatabase } from '../support/database';
import { runProcess, settingsFor, startProcess } from '../support/processes';
import { until } from '../support/until';

let database: TestDatabase;
let settings: Record<string, string>;
beforeAll(async () => {
  database = await TestDatabase.create();
  settings = settingsFor(database, await mkdtemp(path.join(os.tmpdir(), 'rollcall-process-')));
});
afterAll(() => database.drop());

describe('the end of a process', () => {
  it('OPS-02, OPS-05: not ready at once, still serving with "Connection: close", idle connections do not delay', async () => {
    const server = await startProcess({ ...settings, DRAIN_DELAY_MS: '5000', SHUTDOWN_TIMEOUT_MS: '120000' });
    const idle = new Agent({ keepAlive: true });
    await new Promise((resolve) =>
      httpRequest(`${server.url}/health`, { agent: idle }, (reply) => reply.resume().on('end', resolve)).end(),
    );
    const started = performance.now();
    server.kill('SIGTERM');
    const ready = await until(async () => {
      const reply = await fetch(`${server.url}/ready`);
      return reply.ok ? undefined : reply;
    }, 'the server is not ready any more');
    expect([ready.status, ((await ready.json()) as { reason: string }).reason]).toEqual([503, 'Shutting down']);
    const health = await fetch(`${server.url}/health`);
    expect([health.status, health.headers.get('connection')]).toEqual([200, 'close']);
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - started).toBeLessThan(60_000); // else it waited for the idle one until its time was up
    idle.destroy();
  });
});

describe('OPS-13: a start that cannot succeed', () => {
  it('lists every fault of the configuration at once, without a value, and exits with 78', async () => {
    const { code, output } = await runProcess({
      NODE_ENV: 'production',
      PORT: 'eighty',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://u:s3cret-canary@h/d',
      AUTH_SIGNING_KEYS: '{"d":"s3cret-canary"',
    });
    expect(code).toBe(78);
    for (const name of ['PORT', 'LOG_LEVEL', 'DATABASE_URL', 'AUTH_SIGNING_KEYS']) expect(output).toContain(name);
    expect(output).not.toContain('s3cret-canary');
  });
});

import { mkdtemp, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Client } from '../support/client';
import { startProcess, type ServerProcess } from '../support/processes';
import { signalPostgres } from '../support/silencer';
import { until } from '../support/until';
import { answersOf, bounds, statusOf } from './silent-scene';

describe('the embedded PostgreSQL of a server', () => {
  const password = 'correct horse battery';
  let server: ServerProcess;
  let dataDir: string;
  let caller: Client;
  const postmaster = async () =>
    Number((await readFile(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(os.tmpdir(), 'rollcall-stopped-'));
    server = await startProcess({
      ...bounds,
      ROLLCALL_DATA_DIR: dataDir,
      DEMO_PASSWORD: password,
      AUTH_PRINCIPAL_CACHE_MS: '0',
    });
    const stranger = new Client(server.url);
    const signedIn = await stranger.post('/api/auth/login', { email: 'admin@acme.test', password });
    caller = stranger.with(String(signedIn.body.token));
  });
  afterAll(async () => {
    server.kill('SIGTERM');
    expect((await server.exited).code).toBe(0);
  });

  it('B1: is stopped: every request is answered within its deadline, /ready says 503, and all is well once it goes on', async () => {
    const pid = await postmaster();
    expect(new Set(await answersOf(caller, 5))).toEqual(new Set(['200']));
    signalPostgres(pid, 'SIGSTOP');
    try {
      const answers = answersOf(caller, 20);
      await until(async () => (await statusOf(server.url, '/ready')) === 503, 'readiness has seen it');
      expect(await statusOf(server.url, '/health/live')).toBe(200);
      expect(new Set(await answers)).toEqual(new Set(['503 database_unavailable']));
    } finally {
      signalPostgres(pid, 'SIGCONT');
    }
    await until(async () => (await statusOf(server.url, '/ready')) === 200, 'it is ready again');
    expect(new Set(await answersOf(caller, 5))).toEqual(new Set(['200']));
  });

  it('B9, A8: is killed: it is started again, with its data, and nobody has to restart the server', async () => {
    const pid = await postmaster();
    process.kill(pid, 'SIGKILL');
    await until(() => server.errors.includes('Starting it again'), 'it is said');
    await until(async () => (await postmaster().catch(() => pid)) !== pid, 'there is another one');
    await until(async () => (await caller.get('/api/punches')).status === 200, 'requests are served again');
    await until(async () => (await statusOf(server.url, '/ready')) === 200, 'it is ready again');
    expect(new Set(await answersOf(caller, 5))).toEqual(new Set(['200']));
  });
});

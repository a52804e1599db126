import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { TestDatabase } from '../support/database';
import { startServer, type TestServer } from '../support/server';
import { until } from '../support/until';
import { Client, type Reply } from '../support/client';
import { hashOf, PASSWORD } from '../auth/scene';

let database: TestDatabase;
let folder: string;
const running: TestServer[] = [];
beforeEach(async () => {
  database = await TestDatabase.create();
  folder = await mkdtemp(path.join(os.tmpdir(), 'rollcall-quotas-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
  await database.drop();
  await rm(folder, { recursive: true });
});

/** Two servers with the same settings and keys, behind one proxy, on one database. */
async function replicas(settings: Record<string, string>): Promise<[TestServer, TestServer]> {
  const start = () =>
    startServer(
      { ATTENDANCE_RATE_LIMIT_ENABLED: 'on', ROLLCALL_DATA_DIR: folder, TRUSTED_PROXIES: '1', ...settings },
      database,
    );
  const pair: [TestServer, TestServer] = [await start(), await start()];
  running.push(...pair);
  return pair;
}

const from = (ip: string) => ({ headers: { 'x-forwarded-for': ip } });
const passed = (replies: readonly Reply[]) => replies.filter(({ status }) => status !== 429).length;
const storeUp = async ({ stranger }: TestServer) =>
  /^attendance_rate_limit_store_up (\d)$/m.exec((await stranger.get('/metrics')).text)?.[1];

/** So many requests, alternately to both, all at once. */
const alternately = (pair: readonly TestServer[], times: number, ask: (api: Client, index: number) => Promise<Reply>) =>
  Promise.all(Array.from({ length: times }, (_, index) => ask((pair[index % 2] as TestServer).stranger, index)));

describe('LIM-06: two replicas', () => {
  it('admit together exactly as many anonymous requests as one', async () => {
    const pair = await replicas({ RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '20' });
    const ask = (api: Client) => api.get('/api/punches', from('192.0.2.1'));
    expect(passed(await alternately(pair, 50, ask))).toBe(20);
    expect((await pair[0].stranger.get('/api/punches', from('192.0.2.2'))).status).toBe(401);
  });

  it('admit together exactly as many wrong passwords, by account and by address (LIM-12)', async () => {
    const pair = await replicas({ RATE_LIMIT_LOGIN_PER_15_MINUTES: '3' });
    const guess = (email: (index: number) => string, ip: (index: number) => string) => (api: Client, index: number) =>
      api.post('/api/auth/login', { email: email(index), password: 'wrong' }, from(ip(index)));
    const ofOne = guess(
      () => 'ann@example.test',
      (index) => `192.0.2.${index}`,
    );
    expect(passed(await alternately(pair, 12, ofOne))).toBe(3);
    const ofMany = guess(
      (index) => `p${index}@example.test`,
      () => '198.51.100.1',
    );
    expect(passed(await alternately(pair, 40, ofMany))).toBe(30);
  });

  it('admit a signed-in caller as often as one does, up to a twentieth of the quota for each', async () => {
    const pair = await replicas({ RATE_LIMIT_AUTHENTICATED_PER_MINUTE: '200' });
    const { employee } = await pair[0].world.tenant();
    const started = performance.now();
    const seen: Reply[] = [];
    for (let round = 0; round < 15; round++)
      seen.push(...(await alternately(pair, 20, (api) => api.with(employee.token).get('/api/auth/me'))));
    const refilled = ((performance.now() - started) * 200) / 60_000;
    expect(passed(seen)).toBeGreaterThanOrEqual(Math.min(200, seen.length));
    expect(passed(seen)).toBeLessThanOrEqual(200 + 2 * 10 + refilled);
  });

  it('admit a signed-in caller with a small quota together exactly as often as one does', async () => {
    const pair = await replicas({ RATE_LIMIT_AUTHENTICATED_PER_MINUTE: '6' });
    const { employee } = await pair[0].world.tenant();
    const started = performance.now();
    const seen = await alternately(pair, 30, (api) => api.with(employee.token).get('/api/auth/me'));
    expect(passed(seen)).toBeGreaterThanOrEqual(6);
    expect(passed(seen)).toBeLessThanOrEqual(6 + (performance.now() - started) / 10_000);
  });

  it('count no sign-in that succeeds', async () => {
    const pair = await replicas({ RATE_LIMIT_LOGIN_PER_15_MINUTES: '2' });
    const acme = await pair[0].world.tenant();
    const { email } = await acme.person({ passwordHash: await hashOf(PASSWORD) });
    for (const server of [...pair, ...pair, ...pair]) {
      const signedIn = await server.stranger.post('/api/auth/login', { email, password: PASSWORD }, from('192.0.2.1'));
      expect(signedIn.status).toBe(200);
    }
  });
});

describe('LIM-16: counts that cannot be reached', () => {
  it('leave each replica with the limit for itself, say so, and are asked again', async () => {
    const pair = await replicas({ RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '5' });
    expect(await Promise.all(pair.map(storeUp))).toEqual(['1', '1']);
    await database.sql('ALTER TABLE quota_counts RENAME TO away');
    const ask = (api: Client) => api.get('/api/punches', from('192.0.2.1'));
    const replies = await alternately(pair, 20, ask);
    expect([passed(replies), replies.filter(({ status }) => status >= 500)]).toEqual([10, []]);
    expect(await Promise.all(pair.map(storeUp))).toEqual(['0', '0']);
    expect((await pair[0].stranger.get('/ready')).status).toBe(200);
    await database.sql('ALTER TABLE away RENAME TO quota_counts');
    for (const server of pair)
      await until(async () => {
        await ask(server.stranger);
        return (await storeUp(server)) === '1';
      }, 'the counts are asked again');
  });

  it('hold nobody up for longer than the time-out', async () => {
    const pair = await replicas({ RATE_LIMIT_STORE_TIMEOUT_MS: '50' });
    await database.sql('BEGIN; LOCK TABLE quota_counts');
    const reply = await pair[0].stranger.get('/api/punches', from('192.0.2.1'));
    expect([reply.status, await storeUp(pair[0])]).toEqual([401, '0']);
    await database.sql('ROLLBACK');
  });
});

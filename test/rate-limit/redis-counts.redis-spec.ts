import { RedisCounts } from '../../src/rate-limit/redis-counts';
import { Client, type Reply } from '../support/client';
import { TestDatabase } from '../support/database';
import { startServer, type TestServer } from '../support/server';
import { until } from '../support/until';
import { TestRedis } from './redis-scene';

let redis: TestRedis;
beforeAll(async () => {
  redis = await TestRedis.start();
});
afterAll(() => redis.end());

describe('the counts in Redis', () => {
  let counts: RedisCounts;
  const slow = { most: 10, perSecond: 0.000_001 };
  const counted = async (key: string, amount: number, more: object = {}) =>
    (await counts.count([{ key, amount, ...slow, ...more }])).get(key);

  beforeAll(async () => {
    counts = new RedisCounts(redis.url);
    await until(() => counted('first', 0).catch(() => undefined), 'the client is connected');
  });
  afterAll(() => {
    counts.onApplicationShutdown();
  });

  it('grant what fits, also to an amount that fits in part, and take back what was given back', async () => {
    expect(await counted('k', 7)).toEqual({ used: 7, granted: 7 });
    expect(await counted('k', 7)).toMatchObject({ granted: 3 });
    expect(await counted('k', 1)).toMatchObject({ granted: 0 });
    expect(await counted('k', -4)).toMatchObject({ granted: -4 });
    expect(await counted('k', 9)).toMatchObject({ granted: 4 });
    expect(await counted('none', -1)).toEqual({ used: 0, granted: -1 });
  });

  it('drain evenly', async () => {
    const quick = { perSecond: 1000 };
    expect(await counted('drain', 10, quick)).toMatchObject({ granted: 10 });
    await until(async () => (await counted('drain', 0, quick))?.used === 0, 'all of it is back');
  });

  it('LIM-06: grant exactly the quota, however many ask at once', async () => {
    const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
    const rounds = Array.from({ length: 30 }, () => counts.count(keys.map((key) => ({ key, amount: 1, ...slow }))));
    const granted = (await Promise.all(rounds)).flatMap((answers) => [...answers].map(([, answer]) => answer.granted));
    expect(granted.reduce((sum, each) => sum + each, 0)).toBe(20 * 10);
  });
});

describe('two replicas with Redis', () => {
  let database: TestDatabase;
  let pair: TestServer[];
  beforeAll(async () => {
    database = await TestDatabase.create();
    const settings = {
      ATTENDANCE_RATE_LIMIT_ENABLED: 'on',
      RATE_LIMIT_ANONYMOUS_PER_15_MINUTES: '15',
      TRUSTED_PROXIES: '1',
      REDIS_URL: redis.url,
    };
    pair = [await startServer(settings, database), await startServer(settings, database)];
  });
  afterAll(async () => {
    await Promise.all(pair.map((server) => server.close()));
    await database.drop();
  });

  const ask = (api: Client, ip: string) => api.get('/api/punches', { headers: { 'x-forwarded-for': ip } });
  const passed = async (ip: string, times: number) => {
    const replies: Reply[] = await Promise.all(
      Array.from({ length: times }, (_, index) => ask((pair[index % 2] as TestServer).stranger, ip)),
    );
    expect(replies.filter(({ status }) => status >= 500)).toEqual([]);
    return replies.filter(({ status }) => status !== 429).length;
  };
  const isUp = async ({ stranger }: TestServer) =>
    (await stranger.get('/metrics')).text.includes('\nattendance_rate_limit_store_up 1\n');
  /** What is said of Redis, to orchestrators and to people. */
  const shown = async (stranger: Client) => {
    const full = (await stranger.get('/health/full')).body;
    return [(await stranger.get('/ready')).body.checks.redis, full.checks.cache.status, full.status];
  };
  /** Asked from addresses that nothing is counted for. */
  const untilUp = (up: boolean) =>
    Promise.all(
      pair.map((server, index) =>
        until(
          async () => {
            await ask(server.stranger, `203.0.113.${index}`);
            return (await isUp(server)) === up;
          },
          `the counts are ${up ? 'up' : 'away'}`,
        ),
      ),
    );

  it('LIM-06: admit together exactly as many as one, and PostgreSQL counts nothing', async () => {
    await untilUp(true);
    expect(await passed('192.0.2.1', 40)).toBe(15);
    expect(await database.count('quota_counts')).toBe(0);
  });

  it('LIM-16: limit each by itself while Redis is away, stay ready, and count together again', async () => {
    await redis.stop();
    await untilUp(false);
    expect(await passed('192.0.2.2', 60)).toBe(30);
    for (const { stranger } of pair) {
      await until(async () => (await stranger.get('/ready')).status === 200, 'it is ready all the same');
      expect(await shown(stranger)).toEqual(['error: it does not answer', 'down', 'degraded']);
    }
    await redis.start();
    await untilUp(true);
    for (const { stranger } of pair) expect(await shown(stranger)).toEqual(['ok', 'up', 'healthy']);
    expect(await passed('192.0.2.3', 40)).toBe(15);
  });
});

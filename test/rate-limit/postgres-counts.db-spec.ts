import { Client } from 'pg';
import { UnitOfWork } from '../../src/database/unit-of-work';
import { PostgresCounts } from '../../src/rate-limit/postgres-counts';
import { serverForFile } from '../support/scene';
import { startServer } from '../support/server';

const server = serverForFile({}, startServer);
const counts = () => new PostgresCounts(server.app.get(UnitOfWork, { strict: false }));
/** None comes back within a test. */
const slow = { most: 10, perSecond: 0.000_001 };
const counted = async (key: string, amount: number, more: object = {}) =>
  (await counts().count([{ key, amount, ...slow, ...more }])).get(key);
const setBack = (key: string, seconds: number) =>
  server.database.sql('UPDATE quota_counts SET counted_at = counted_at - make_interval(secs => $2) WHERE key = $1', [
    key,
    seconds,
  ]);

describe('the counts in PostgreSQL', () => {
  it('grant what fits, also to an amount that fits in part, and nothing behind it', async () => {
    expect(await counted('part', 7)).toEqual({ used: 7, granted: 7 });
    expect(await counted('part', 7)).toMatchObject({ granted: 3 });
    expect(await counted('part', 1)).toMatchObject({ granted: 0 });
    expect(await counted('first', 12)).toEqual({ used: 10, granted: 10 });
  });

  it('take back what was given back, never below none', async () => {
    await counted('back', 2);
    expect(await counted('back', -1)).toMatchObject({ granted: -1 });
    expect(await counted('back', -5)).toEqual({ used: 0, granted: -5 });
    expect(await counted('nobody', -1)).toEqual({ used: 0, granted: -1 });
  });

  it('drain evenly: no edge of a window gives twice the quota (LIM-05)', async () => {
    const quick = { perSecond: 1 };
    await counted('drain', 10, quick);
    await setBack('drain', 3.5);
    expect(await counted('drain', 10, quick)).toMatchObject({ granted: 3 });
  });

  it('LIM-17: a clock that jumps blocks nobody for longer than the window', async () => {
    await counted('jump', 10, { perSecond: 1 });
    await setBack('jump', -3600); // it was an hour ahead, and has been set right
    expect(await counted('jump', 1, { perSecond: 1 })).toMatchObject({ granted: 0 });
    await setBack('jump', 10);
    expect(await counted('jump', 10, { perSecond: 1 })).toMatchObject({ granted: 10 });
  });

  it('LIM-06: grant exactly the quota, however many ask at once, in whatever order of keys', async () => {
    const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
    const rounds = Array.from({ length: 30 }, (_, round) =>
      counts().count((round % 2 ? keys : keys.toReversed()).map((key) => ({ key, amount: 1, ...slow }))),
    );
    const granted = (await Promise.all(rounds)).flatMap((answers) => [...answers].map(([, answer]) => answer.granted));
    expect(granted.reduce((sum, each) => sum + each, 0)).toBe(20 * 10);
  });

  it('are forgotten two hours after they were last asked for', async () => {
    await counted('old', 1);
    await counted('young', 1);
    await setBack('old', 7201);
    const sweeping = counts();
    jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_001);
    await sweeping.count([{ key: 'young', amount: 1, ...slow }]);
    jest.restoreAllMocks();
    expect(await server.database.count('quota_counts', `key IN ('old', 'young')`)).toBe(1);
  });

  it('cost the disk nothing, and are nobody else’s to read', async () => {
    const [table] = await server.database.sql<{ kind: string }>(
      `SELECT relpersistence AS kind FROM pg_class WHERE relname = 'quota_counts'`,
    );
    expect(table?.kind).toBe('u');
    const retention = new Client({ connectionString: server.database.urls.retention });
    await retention.connect();
    await expect(retention.query('SELECT FROM quota_counts')).rejects.toMatchObject({ code: '42501' });
    await retention.end();
  });
});

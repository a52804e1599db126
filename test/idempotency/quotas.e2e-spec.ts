import { setTimeout as sleep } from 'node:timers/promises';
import { startServer, type TestServer } from '../support/server';
import type { Tenant } from '../support/world';
import { aKey, expectReplay, isReplay, tap, traces } from './scene';

describe('quotas', () => {
  let limited: TestServer;
  let globex: Tenant;
  beforeAll(async () => {
    limited = await startServer({ ATTENDANCE_RATE_LIMIT_ENABLED: 'on', RATE_LIMIT_AUTHENTICATED_PER_MINUTE: '20' });
    globex = await limited.world.tenant();
  });
  afterAll(() => limited.close());

  it('IDM-25 IDM-37: 429 uses up no key and is never replayed; a replay shows the quota of now, not of then', async () => {
    const [first, later] = [aKey(), aKey()];
    const executed = await tap(globex, first);
    const replayed = await tap(globex, first);
    expectReplay(replayed, executed);
    const left = (quota: string | null) => Number(/r=(\d+)/.exec(quota ?? '')?.[1]);
    expect(left(replayed.headers.get('ratelimit'))).toBeLessThan(left(executed.headers.get('ratelimit')));
    const [row] = await limited.database.sql('SELECT headers FROM idempotency_keys WHERE tenant_id = $1', [globex.id]);
    expect(Object.keys(JSON.parse(String(row?.headers))).sort()).toEqual(['content-type', 'etag', 'location']);

    // What is left of the quota is used up with repetitions, which have no effect.
    let refused = replayed;
    for (let sent = 0; sent < 1000 && refused.status !== 429; sent++) refused = await tap(globex, first);
    refused = await tap(globex, later);
    expect([refused.status, isReplay(refused)]).toEqual([429, false]);
    const before = await traces(limited.database, globex);
    await sleep(Number(refused.headers.get('retry-after')) * 1000 + 100);
    const done = await tap(globex, later);
    expect([done.status, isReplay(done)]).toEqual([201, false]);
    expect(await traces(limited.database, globex)).toEqual({
      punches: before.punches + 1,
      entries: before.entries + 1,
      keys: before.keys + 1,
    });
  });
});

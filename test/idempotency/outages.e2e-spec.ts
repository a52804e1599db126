import { setTimeout as sleep } from 'node:timers/promises';
import { cutConnections, heldPunches, lockedPerson, untilWaiting } from '../support/faults';
import { tenantForEachTest } from '../support/scene';
import { startServer } from '../support/server';
import { aKey, atOnce, expectReplay, minutesAgo, nothing, once, settled, tap, traces } from './scene';

const { server, tenant: acme } = tenantForEachTest({ DATABASE_LOCK_TIMEOUT_MS: '600' }, startServer);

const leaves = (tenant = acme) => traces(server.database, tenant);

describe('a lock that somebody else holds', () => {
  it('IDM-28: ends in 503 with Retry-After, and nothing is kept', async () => {
    const lock = await lockedPerson(server.database, acme.employee);
    const key = aKey();
    const refused = await tap(acme, key);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    await lock.lift();
    expect(await leaves()).toEqual(nothing);
    expect((await tap(acme, key)).status).toBe(201);
    expect(await leaves()).toEqual(once);
  });
});

describe('IDM-30 IDM-32: the connection to PostgreSQL is cut', () => {
  it('in the middle of a request: 503, and the repetition executes once', async () => {
    const slow = await heldPunches(server.database, acme.employee);
    const key = aKey();
    const cut = tap(acme, key);
    await untilWaiting(server.database, 'PgSleep');
    expect(await cutConnections(server.database)).toBeGreaterThan(0);
    const failed = await cut;
    expect([failed.status, failed.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await leaves()).toEqual(nothing);
    await slow.lift();
    expect((await tap(acme, key)).status).toBe(201);
    expect(await leaves()).toEqual(once);
  });

  it('again and again under load: every key ends with one effect, whatever its first answer was', async () => {
    const keys = Array.from({ length: 120 }, aKey);
    const times = keys.map((_, i) => minutesAgo(1000 - i));
    const told = (i: number) => tap(acme, keys[i] ?? '', { timestamp: times[i] });
    const cutter = setInterval(() => void cutConnections(server.database), 15);
    const answers = await atOnce(keys.length, async (i) => {
      await sleep(i * 5);
      return told(i);
    });
    clearInterval(cutter);
    await Promise.all(
      keys.map(async (key, i) => {
        const { reply } = await settled(() => told(i));
        expect([key, reply.status]).toEqual([key, 201]);
        if (answers[i]?.status === 201) expectReplay(reply, answers[i]);
      }),
    );
    expect(await leaves()).toEqual({ punches: 120, entries: 120, keys: 120 });
  });
});

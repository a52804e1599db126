import { heldPunches, slowPunches, untilWaiting } from '../support/faults';
import { tenantForEachTest } from '../support/scene';
import { startServer } from '../support/server';
import {
  aKey,
  atOnce,
  expectInUse,
  expectReplay,
  isReplay,
  minutesAgo,
  once,
  settled,
  tap,
  terminalPunch,
  traces,
  twoConnections,
} from './scene';

const { server, tenant: acme } = tenantForEachTest(twoConnections, startServer);

const leaves = (tenant = acme) => traces(server.database, tenant);

describe('while the first one is still running', () => {
  it('IDM-20 IDM-21: it gives up, with or without the same body, and none of them holds a connection', async () => {
    const globex = await server.world.tenant();
    const slow = await heldPunches(server.database, acme.employee);
    const key = aKey();
    const first = tap(acme, key);
    await untilWaiting(server.database, 'PgSleep');
    // One connection of two is taken by the first: twenty that wait must leave the other one to others.
    const waiting = atOnce(20, (index) => tap(acme, key, index % 2 === 0 ? {} : { type: 'out' }));
    const others = await atOnce(30, () => globex.admin.api.get('/api/punches'));
    expect(new Set(others.map((reply) => reply.status))).toEqual(new Set([200]));
    for (const reply of await waiting) expectInUse(reply); // the first one is still at it
    await slow.lift();
    const executed = await first;
    expect([executed.status, isReplay(executed)]).toEqual([201, false]);
    expectReplay(await tap(acme, key), executed);
    expect((await tap(acme, key, { type: 'out' })).status).toBe(422);
    expect(await leaves()).toEqual(once);
  });

  it('IDM-33: a caller who hangs up finds one effect, and its answer', async () => {
    const slow = await slowPunches(server.database, acme.employee, 0.4);
    const keys = Array.from({ length: 8 }, aKey);
    const hangUp = async (key: string, afterMs: number) => {
      const told = JSON.stringify({ ...terminalPunch(acme.employee), timestamp: minutesAgo(1000 + afterMs) });
      const headers = {
        authorization: `Bearer ${acme.admin.token}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      };
      const signal = AbortSignal.timeout(afterMs);
      await fetch(`${server.url}/api/punches`, { method: 'POST', headers, body: told, signal }).catch(() => undefined);
      const { reply } = await settled(() => acme.admin.api.post('/api/punches', told, { key }));
      expect([key, reply.status]).toEqual([key, 201]);
      expect((await acme.admin.api.post('/api/punches', told, { key })).text).toBe(reply.text);
    };
    await Promise.all(keys.map((key, index) => hangUp(key, 1 + index * 60)));
    await slow.lift();
    expect(await leaves()).toEqual({ punches: 8, entries: 8, keys: 8 });
  });
});

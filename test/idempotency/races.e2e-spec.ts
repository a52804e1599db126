import { heldPunches, untilWaiting } from '../support/faults';
import { tenantForEachTest } from '../support/scene';
import { startServer } from '../support/server';
import {
  aKey,
  atOnce,
  expectOneAnswer,
  expectReplay,
  isReplay,
  once,
  recorded,
  tap,
  traces,
  twoConnections,
} from './scene';

const { server, tenant: acme } = tenantForEachTest(twoConnections, startServer);

const leaves = (tenant = acme) => traces(server.database, tenant);

describe('many with one key', () => {
  it('IDM-17: a hundred punches at once are one punch', async () => {
    const key = aKey();
    const replies = await atOnce(100, () => tap(acme, key));
    expectOneAnswer(replies);
    expect(await leaves()).toEqual(once);
    const first = replies.find((reply) => !isReplay(reply) && reply.status === 201);
    if (!first) throw new Error('Nobody was the first');
    expectReplay(await tap(acme, key), first);
  });

  it('IDM-17: so are a hundred corrections, which go one by one', async () => {
    const { path } = await recorded(acme);
    const key = aKey();
    const correct = () => acme.admin.api.patch(path, { type: 'out', reason: 'Pressed the wrong button' }, { key });
    const replies = await atOnce(100, correct);
    expectOneAnswer(replies, 200);
    expect(await leaves()).toEqual({ punches: 2, entries: 2, keys: 1 });
    const answered = replies.find((reply) => reply.status === 200);
    const again = await correct();
    expect([again.status, again.text, isReplay(again)]).toEqual([200, answered?.text, true]);
  });

  it('IDM-35: an expired key that nobody has swept is used anew by exactly one of fifty', async () => {
    const key = aKey();
    const first = await tap(acme, key);
    await server.database.sql("UPDATE idempotency_keys SET expires_at = now() - interval '1 s' WHERE tenant_id = $1", [
      acme.id,
    ]);
    const replies = await atOnce(50, () => tap(acme, key));
    expectOneAnswer(replies);
    const second = replies.find((reply) => reply.status === 201);
    expect(second?.text).not.toBe(first.text);
    expect(await leaves()).toEqual({ punches: 2, entries: 2, keys: 1 });
  });

  it('IDM-35: the same for corrections', async () => {
    const { path } = await recorded(acme);
    const key = aKey();
    const rename = (name: string) => acme.admin.api.patch(`/api/users/${acme.employee.id}`, { name }, { key });
    expect((await rename('Anna')).status).toBe(200);
    await server.database.sql("UPDATE idempotency_keys SET expires_at = now() - interval '1 s' WHERE tenant_id = $1", [
      acme.id,
    ]);
    expectOneAnswer(await atOnce(50, () => rename('Berta')), 200);
    expect((await acme.admin.api.get(path)).status).toBe(200);
    expect(await leaves()).toEqual({ punches: 1, entries: 3, keys: 1 });
  });
});

describe('while the first one is still running', () => {
  it('IDM-20: a repetition waits, and is answered as soon as the first one is', async () => {
    const key = aKey();
    const slow = await heldPunches(server.database, acme.employee);
    const first = tap(acme, key);
    await untilWaiting(server.database, 'PgSleep');
    const again = tap(acme, key);
    await slow.lift();
    expectReplay(await again, await first);
    expect(await leaves()).toEqual(once);
  });
});

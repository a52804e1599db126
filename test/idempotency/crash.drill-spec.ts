import { Client } from '../support/client';
import { lockedPerson, untilWaiting } from '../support/faults';
import type { ServerProcess } from '../support/processes';
import type { Person } from '../support/world';
import { type Cluster, openCluster } from './cluster';
import { killUnderLoad } from './kills';
import { aKey, expectInUse, expectReplay, isReplay, settled, traces } from './scene';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await openCluster();
});
afterAll(() => cluster.close());

describe('kill -9', () => {
  it('IDM-30: again and again under load: no effect twice, no answer lost, no key blocked', async () => {
    await killUnderLoad(cluster, await cluster.world.tenant(), 6);
  });
});

describe('a process that is stopped, not dead', () => {
  const settings = { DATABASE_IDLE_TRANSACTION_TIMEOUT_MS: '6000' };
  const routes: [method: string, what: string, on: (person: Person) => [string, Record<string, unknown>]][] = [
    ['PATCH', 'a change', (person: Person) => [`/api/users/${person.id}`, { name: 'Berta' }]],
  ];

  it.each(routes)(
    'IDM-31: %s keeps the key of %s for as long as a transaction may idle, and no longer',
    async (method, _, on) => {
      const acme = await cluster.world.tenant();
      const [stopped, other] = await Promise.all([cluster.start(settings), cluster.start(settings)]);
      const [path, body] = on(acme.employee);
      const key = aKey();
      const send = (server: ServerProcess) =>
        new Client(server.url, acme.admin.token).request(method, path, body, { key });
      // The first request has claimed its key and waits for the person; then its process stops, in the middle of a transaction.
      const lock = await lockedPerson(cluster.database, acme.employee);
      const first = send(stopped);
      await untilWaiting(cluster.database, 'Lock');
      stopped.kill('SIGSTOP');
      await lock.lift();
      const since = performance.now();
      expectInUse(await send(other));
      const { reply } = await settled(() => send(other));
      expect([Math.floor(reply.status / 100), isReplay(reply)]).toEqual([2, false]);
      expect(performance.now() - since).toBeGreaterThan(5000);
      stopped.kill('SIGCONT');
      const late = await first;
      expect([503, reply.status]).toContain(late.status);
      if (late.status !== 503) expect(late.text).toBe(reply.text);
      expectReplay(await send(stopped), reply);
      expect(await traces(cluster.database, acme)).toEqual({ punches: method === 'POST' ? 1 : 0, entries: 1, keys: 1 });
    },
    30_000,
  );
});

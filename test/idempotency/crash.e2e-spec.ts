import { Client, type Reply } from '../support/client';
import { lockedPerson, untilWaiting } from '../support/faults';
import type { ServerProcess } from '../support/processes';
import { until } from '../support/until';
import type { Person, Tenant } from '../support/world';
import { type Cluster, openCluster } from './cluster';
import { aKey, expectInUse, expectReplay, isReplay, settled, terminalPunch, traces } from './scene';

const ROUNDS = 6;
const CONNECTIONS = 8;

let cluster: Cluster;
let acme: Tenant;
beforeAll(async () => {
  cluster = await openCluster();
});
beforeEach(async () => {
  acme = await cluster.world.tenant();
});
afterAll(() => cluster.close());

/** A request that was sent, and its answer if one came back. */
interface Told {
  readonly key: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
  acknowledged?: Reply;
}

const tell = (server: ServerProcess, { path, body, key }: Told): Promise<Reply> =>
  new Client(server.url, acme.admin.token).post(path, body, { key });

/** One connection of a terminal: punch after punch of one person, now and then a new person, until the server is gone. */
async function work(server: ServerProcess, person: Person, told: Told[]): Promise<void> {
  for (let n = 0; ; n++) {
    const key = aKey();
    const next: Told =
      n % 5 === 4
        ? { key, path: '/api/users', body: { name: key, role: 'employee' } }
        : { key, path: '/api/punches', body: terminalPunch(person) };
    told.push(next);
    try {
      next.acknowledged = await tell(server, next);
    } catch {
      return;
    }
  }
}

describe('kill -9', () => {
  it('IDM-30: again and again under load: no effect twice, no answer lost, no key blocked', async () => {
    const people = await Promise.all(Array.from({ length: CONNECTIONS }, () => acme.person({})));
    const all: Told[] = [];
    let [victim, survivor] = await Promise.all([cluster.start(), cluster.start()]);
    for (let round = 0; round < ROUNDS; round++) {
      const told: Told[] = [];
      const working = people.map((person) => work(victim, person, told));
      const enough = CONNECTIONS * (2 + 8 * Math.random());
      await until(() => told.filter((one) => one.acknowledged).length > enough, 'the server is under load');
      victim.kill('SIGKILL');
      await Promise.all(working);
      await Promise.all(
        told.map(async (one) => {
          const { reply } = await settled(() => tell(survivor, one));
          expect([one.path, reply.status]).toEqual([one.path, 201]);
          if (one.acknowledged) expectReplay(reply, one.acknowledged);
          one.acknowledged ??= reply;
        }),
      );
      all.push(...told);
      [victim, survivor] = [survivor, await cluster.start()];
    }
    const punches = all.filter(({ path }) => path === '/api/punches').length;
    expect(punches).toBeGreaterThan(ROUNDS * CONNECTIONS);
    expect(await traces(cluster.database, acme)).toEqual({ punches, entries: all.length, keys: all.length });
    expect(new Set(all.map(({ acknowledged }) => acknowledged?.body.id)).size).toBe(all.length);
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

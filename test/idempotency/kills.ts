import { Client, type Reply } from '../support/client';
import type { ServerProcess } from '../support/processes';
import { until } from '../support/until';
import type { Person, Tenant } from '../support/world';
import type { Cluster } from './cluster';
import { aKey, expectReplay, settled, terminalPunch, traces } from './scene';

const CONNECTIONS = 8;

/** A request that was sent, and its answer if one came back. */
interface Told {
  readonly key: string;
  readonly path: string;
  readonly body: Record<string, unknown>;
  acknowledged?: Reply;
}

const tell = (acme: Tenant, server: ServerProcess, { path, body, key }: Told): Promise<Reply> =>
  new Client(server.url, acme.admin.token).post(path, body, { key });

/** One connection of a terminal: punch after punch of one person, now and then a new person, until the server is gone. */
async function work(acme: Tenant, server: ServerProcess, person: Person, told: Told[]): Promise<void> {
  for (let n = 0; ; n++) {
    const key = aKey();
    const next: Told =
      n % 5 === 4
        ? { key, path: '/api/users', body: { name: key, role: 'employee' } }
        : { key, path: '/api/punches', body: terminalPunch(person) };
    told.push(next);
    try {
      next.acknowledged = await tell(acme, server, next);
    } catch {
      return;
    }
  }
}

/** Kills a server under load, so many times: another one then answers each request once more, and everything is there once. */
export async function killUnderLoad(cluster: Cluster, acme: Tenant, rounds: number): Promise<void> {
  const people = await Promise.all(Array.from({ length: CONNECTIONS }, () => acme.person({})));
  const all: Told[] = [];
  let [victim, survivor] = await Promise.all([cluster.start(), cluster.start()]);
  for (let round = 0; round < rounds; round++) {
    const told: Told[] = [];
    const working = people.map((person) => work(acme, victim, person, told));
    const enough = CONNECTIONS * (2 + 8 * Math.random());
    await until(() => told.filter((one) => one.acknowledged).length > enough, 'the server is under load');
    victim.kill('SIGKILL');
    await Promise.all(working);
    await Promise.all(
      told.map(async (one) => {
        const { reply } = await settled(() => tell(acme, survivor, one));
        expect([one.path, reply.status]).toEqual([one.path, 201]);
        if (one.acknowledged) expectReplay(reply, one.acknowledged);
        one.acknowledged ??= reply;
      }),
    );
    all.push(...told);
    if (round + 1 < rounds) [victim, survivor] = [survivor, await cluster.start()];
  }
  const punches = all.filter(({ path }) => path === '/api/punches').length;
  expect(punches).toBeGreaterThan(rounds * CONNECTIONS);
  expect(await traces(cluster.database, acme)).toEqual({ punches, entries: all.length, keys: all.length });
  expect(new Set(all.map(({ acknowledged }) => acknowledged?.body.id)).size).toBe(all.length);
}

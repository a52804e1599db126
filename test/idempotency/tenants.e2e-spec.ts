import { failingPunches, heldPunches, slowPunches, untilWaiting } from '../support/faults';
import { runs } from '../support/runs';
import { startServer, type TestServer } from '../support/server';
import type { Reply } from '../support/client';
import type { Person, Tenant } from '../support/world';
import { aKey, recorded, tap, terminalPunch } from './scene';

const CALLERS = 50;
const REQUESTS = runs(3000);

/** A tenant with a few people, and everything by which an answer could give it away. */
interface Side {
  readonly tenant: Tenant;
  readonly people: readonly Person[];
  /** Ids of its people and punches, growing as they are recorded. */
  readonly own: Set<string>;
  readonly punches: string[];
}

async function side(server: TestServer): Promise<Side> {
  const tenant = await server.world.tenant();
  const people = await Promise.all(Array.from({ length: CALLERS }, () => tenant.person({})));
  const own = new Set([tenant.admin, tenant.approver, tenant.employee, ...people].map(({ id }) => id));
  return { tenant, people, own, punches: [] };
}

const ids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

describe('TEN-11: two tenants on a pool of two connections', () => {
  let server: TestServer;
  let sides: [Side, Side];
  beforeAll(async () => {
    server = await startServer({
      DATABASE_POOL_MAX: '2',
      AUTH_PRINCIPAL_CACHE_MS: '5000',
    });
    sides = [await side(server), await side(server)];
  });
  afterAll(() => server.close());

  it('never see each other, whoever asks and whatever fails in between', async () => {
    const [acme, globex] = sides;
    const broken = await failingPunches(server.database, acme.tenant.approver);
    let sent = 0;
    const statuses = new Map<number, number>();
    const caller = async (number: number) => {
      for (let turn = number; sent < REQUESTS; turn++) {
        const [mine, other] = turn % 2 === 0 ? [acme, globex] : [globex, acme];
        sent++;
        const reply = await anyRequest(mine, other, number, turn);
        statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
        expectOwn(reply, mine, other);
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, (_, number) => caller(number)));
    await broken.lift();
    expect([...statuses.keys()].sort()).toEqual([200, 201, 404, 422, 500]);
    for (const { tenant, punches } of sides)
      expect(await server.database.count('punches', 'tenant_id = $1', [tenant.id])).toBe(punches.length);
  });

  function anyRequest(mine: Side, other: Side, number: number, turn: number): Promise<Reply> {
    const { admin, approver } = mine.tenant;
    const [person, stranger] = [mine.people[number], other.people[number]];
    if (!person || !stranger) throw new Error('There are too few people');
    const punch = (employee: Person) => admin.api.post('/api/punches', terminalPunch(employee), { key: aKey() });
    switch (Math.floor(turn / 2) % 8) {
      case 0:
      case 1:
        return punch(person);
      case 2:
        return admin.api.get('/api/punches', { query: { limit: 5 } });
      case 3:
        return admin.api.get(`/api/punches/${other.punches.at(-1) ?? stranger.id}`); // 404
      case 4:
        return punch(stranger); // 422
      case 5:
        return punch(number === 0 ? approver : person); // 500 for one of the two, in the middle of a group of both
      case 6:
        return person.api.get('/api/auth/me');
      default:
        return admin.api.get('/api/users', { query: { limit: 5 } });
    }
  }

  function expectOwn(reply: Reply, mine: Side, other: Side): void {
    if (reply.status === 201) {
      mine.own.add(reply.body.id);
      mine.punches.push(reply.body.id);
    }
    if (reply.status >= 400) return; // such an answer repeats at most the id that was asked for
    const foreign = (reply.text.match(ids) ?? []).filter((id) => other.own.has(id));
    expect([reply.status, foreign]).toEqual([reply.status, []]);
    expect(reply.text).not.toContain(other.tenant.id);
  }
});

describe('TEN-12: one connection, on which a request of one tenant has just failed', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ DATABASE_POOL_MAX: '1', DATABASE_STATEMENT_TIMEOUT_MS: '2500' });
  });
  afterAll(() => server.close());

  const onlyOwn = async (globex: Tenant, foreign: string) => {
    const list = await globex.admin.api.get('/api/punches');
    expect(list.body.data.map((punch: { employeeId: string }) => punch.employeeId)).toEqual([globex.employee.id]);
    expect((await globex.admin.api.get(foreign)).status).toBe(404);
    expect((await globex.admin.api.delete(foreign, { reason: 'Not mine' }, { key: aKey() })).status).toBe(404);
    expect((await tap(globex, aKey())).status).toBe(201);
  };

  const failures: [what: string, fail: (acme: Tenant) => Promise<number>][] = [
    [
      'by a fault in the middle of a group',
      async (acme) => {
        const broken = await failingPunches(server.database, acme.employee);
        const { status } = await tap(acme, aKey());
        await broken.lift();
        return status;
      },
    ],
    [
      'by a fault in the middle of a change',
      async (acme) => {
        const { path } = await recorded(acme, 700);
        const broken = await failingPunches(server.database, acme.employee);
        const { status } = await acme.admin.api.patch(path, { type: 'out', reason: 'Wrong button' }, { key: aKey() });
        await broken.lift();
        return status;
      },
    ],
    [
      'because an operator cancelled its statement',
      async (acme) => {
        const slow = await heldPunches(server.database, acme.employee);
        const cancelled = tap(acme, aKey());
        await untilWaiting(server.database, 'PgSleep');
        await server.database.sql(
          "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename = 'rollcall_app' AND state = 'active'",
          [server.database.name],
        );
        const { status } = await cancelled;
        await slow.lift();
        return status;
      },
    ],
    [
      'because it took too long',
      async (acme) => {
        const slow = await slowPunches(server.database, acme.employee, 4);
        const { status } = await tap(acme, aKey());
        await slow.lift();
        return status;
      },
    ],
    [
      'because its caller hung up',
      async (acme) => {
        const slow = await slowPunches(server.database, acme.employee, 0.5);
        const headers = { authorization: `Bearer ${acme.admin.token}`, 'content-type': 'application/json' };
        const body = JSON.stringify(terminalPunch(acme.employee));
        const signal = AbortSignal.timeout(200);
        await fetch(`${server.url}/api/punches`, { method: 'POST', headers, body, signal }).catch(() => undefined);
        await slow.lift();
        return 503;
      },
    ],
  ];

  it.each(failures)('%s: the next one sees its own tenant only', async (_, fail) => {
    const [acme, globex] = [await server.world.tenant(), await server.world.tenant()];
    const { path } = await recorded(acme);
    await recorded(globex);
    expect(await fail(acme)).toBeGreaterThanOrEqual(500);
    await onlyOwn(globex, path);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Client, Reply } from '../support/client';
import { TestDatabase } from '../support/database';
import { heldPunches, untilWaiting } from '../support/faults';
import { startServer, type TestServer } from '../support/server';
import type { Tenant } from '../support/world';
import { Client as Api } from '../support/client';
import {
  aKey,
  atOnce,
  expectInUse,
  expectOneAnswer,
  expectReplay,
  isReplay,
  once,
  recorded,
  terminalPunch,
  traces,
  twoConnections,
} from './scene';

let database: TestDatabase;
let folder: string;
let replicas: TestServer[];
let acme: Tenant;
beforeAll(async () => {
  database = await TestDatabase.create();
  folder = await mkdtemp(path.join(os.tmpdir(), 'rollcall-replicas-'));
  const environment = {
    ROLLCALL_DATA_DIR: folder,
    ...twoConnections,
  };
  replicas = [await startServer(environment, database), await startServer(environment, database)];
});
beforeEach(async () => {
  acme = await replica(0).world.tenant();
});
afterAll(async () => {
  await Promise.all(replicas.map((server) => server.close()));
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

function replica(index: number): TestServer {
  const server = replicas[index % 2];
  if (!server) throw new Error('There is no such replica');
  return server;
}

/** The administrator of the tenant, on one of the replicas. */
const admin = (index: number, of = acme): Client => new Api(replica(index).url, of.admin.token);
const leaves = () => traces(database, acme);
const tap = (index: number, key: string, more = {}): Promise<Reply> =>
  admin(index).post('/api/punches', { ...terminalPunch(acme.employee), ...more }, { key });

describe('many with one key', () => {
  it('IDM-18: a hundred punches at once on two replicas are one punch', async () => {
    const key = aKey();
    expectOneAnswer(await atOnce(100, (index) => tap(index, key)));
    expect(await leaves()).toEqual(once);
    expect(isReplay(await tap(0, key)) && isReplay(await tap(1, key))).toBe(true);
  });

  it('IDM-18: so are a hundred corrections', async () => {
    const { path: punch } = await recorded(acme);
    const key = aKey();
    const correct = (index: number) =>
      admin(index).patch(punch, { type: 'out', reason: 'Pressed the wrong button' }, { key });
    expectOneAnswer(await atOnce(100, correct), 200);
    expect(await leaves()).toEqual({ punches: 2, entries: 2, keys: 1 });
  });

  it('IDM-18: forty keys, each five times on each replica, in any order', async () => {
    const people = await Promise.all(Array.from({ length: 40 }, () => acme.person({})));
    const keys = people.map(aKey);
    const replies = await atOnce(400, (n) => {
      const [person, key] = [people[n % 40], keys[n % 40] ?? ''];
      return admin(Math.floor(n / 40)).post('/api/punches', { employeeId: person?.id, type: 'in' }, { key });
    });
    keys.forEach((_, k) => {
      expectOneAnswer(replies.filter((_, n) => n % 40 === k));
    });
    expect(await leaves()).toEqual({ punches: 40, entries: 40, keys: 40 });
  });
});

describe('while another replica is at it', () => {
  it('IDM-20: a repetition is answered as soon as the first one is', async () => {
    const { path: punch } = await recorded(acme);
    const slow = await heldPunches(database, acme.employee);
    const key = aKey();
    const correct = (index: number) => admin(index).patch(punch, { type: 'out', reason: 'Wrong button' }, { key });
    const first = correct(0);
    await untilWaiting(database, 'PgSleep');
    const again = correct(1);
    await slow.lift();
    expectReplay(await again, await first);
    expect(await leaves()).toEqual({ punches: 2, entries: 2, keys: 1 });
  });

  it('IDM-20 IDM-21: corrections give up, and those who wait hold no connection', async () => {
    const { path: punch } = await recorded(acme);
    const slow = await heldPunches(database, acme.employee);
    const key = aKey();
    const correct = (index: number, type = 'out') =>
      admin(index).patch(punch, { type, reason: 'Wrong button' }, { key });
    const first = correct(0);
    await untilWaiting(database, 'PgSleep');
    const waiting = atOnce(20, (n) => correct(1, n % 2 === 0 ? 'out' : 'break_start'));
    const reads = await atOnce(30, () => admin(1).get('/api/punches'));
    expect(new Set(reads.map((reply) => reply.status))).toEqual(new Set([200]));
    for (const reply of await waiting) expectInUse(reply); // the first one is still at it
    await slow.lift();
    expect((await first).status).toBe(200);
    expectReplay(await correct(1), await first);
    expect(await leaves()).toEqual({ punches: 2, entries: 2, keys: 1 });
  });
});

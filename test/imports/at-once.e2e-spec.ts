import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ImportWorker } from '../../src/attendance/imports/jobs/import-worker';
import { aKey, Client, type Reply } from '../support/client';
import { TestDatabase } from '../support/database';
import { startServer, type TestServer } from '../support/server';
import type { Tenant } from '../support/world';
import { importBase } from './scene';

// Two servers on one database: commits at once meet in one process, or only in the database.
let database: TestDatabase;
let folder: string;
let servers: [TestServer, TestServer];
let acme: Tenant;
beforeAll(async () => {
  database = await TestDatabase.create();
  folder = await mkdtemp(path.join(os.tmpdir(), 'rollcall-imports-'));
  const environment = { ROLLCALL_DATA_DIR: folder }; // of the keys that sign: one server's token is good at the other
  servers = [await startServer(environment, database), await startServer(environment, database)];
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  acme = await servers[0].world.tenant();
  const values = [acme.id, acme.employee.id];
  await database.sql(`UPDATE users SET employee_number = '7' WHERE tenant_id = $1 AND id = $2`, values);
});

const csv = (time: string) => `employeeNumber,type,timestamp\n7,in,2026-03-02T${time}:00Z\n`;
const post = (index: number, call: string, body: unknown, options = {}) =>
  new Client((index % 2 ? servers[1] : servers[0]).url, acme.admin.token).post(`${importBase}/${call}`, body, options);
const bodyFor = async (csvText: string, idempotencyKey: string) => {
  const { body } = await post(0, 'preview', { csvText });
  return { csvText, idempotencyKey, commitToken: body.commitToken as string };
};
const stored = async () => [
  await database.count('punches', 'tenant_id = $1', [acme.id]),
  await database.count('import_batches', 'tenant_id = $1', [acme.id]),
];
const together = (times: number, send: (index: number) => Promise<Reply>) =>
  Promise.all(Array.from({ length: times }, (_, index) => send(index)));
const codeOf = ({ status, body }: Reply) => (status === 200 ? '200' : `${status} ${body.code as string}`);

describe('import commits at once', () => {
  it('with one key and one file are one batch, whichever server they reach, also under keys of their requests', async () => {
    const body = await bodyFor(csv('09:00'), 'march');
    const replies = await together(12, (index) => post(index, 'commit', body, index < 6 ? {} : { key: aKey() }));
    expect(replies.map(codeOf)).toEqual(Array(12).fill('200'));
    expect(new Set(replies.map((reply) => reply.body.batchId as string)).size).toBe(1);
    expect(replies.filter((reply) => reply.body.idempotent === false)).toHaveLength(1);
    expect(await stored()).toEqual([1, 1]);
  });

  it('with one key and two files load the first of them alone', async () => {
    const bodies = [await bodyFor(csv('09:00'), 'march'), await bodyFor(csv('10:00'), 'march')];
    // Either file may be first; each is sent to both servers.
    const replies = await together(8, (index) => post(index, 'commit', bodies[(index >> 1) % 2]));
    const codes = replies.map(codeOf).sort();
    expect(codes).toEqual([...Array<string>(4).fill('200'), ...Array<string>(4).fill('422 idempotency_key_reused')]);
    expect(await stored()).toEqual([1, 1]);
  });

  it('of one file under several keys store its punches once', async () => {
    const body = await bodyFor(csv('09:00'), 'march');
    const replies = await together(6, (index) => post(index, 'commit', { ...body, idempotencyKey: aKey() }));
    const codes = replies.map(codeOf).sort();
    expect(codes).toEqual(['200', ...Array<string>(5).fill('409 import_token_stale')]);
    expect(await stored()).toEqual([1, 1]);
  });

  it('of one large file under two keys become two jobs, whose chunks take turns and store its punches once', async () => {
    const rows = Array.from({ length: 9_000 }, (_, n) => new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString());
    const body = await bodyFor(`employeeNumber,type,timestamp\n${rows.map((at) => `7,in,${at}\n`).join('')}`, 'march');
    const replies = await together(2, (index) => post(index, 'commit', { ...body, idempotencyKey: aKey() }));
    expect(replies.map(({ status }) => status)).toEqual([202, 202]);
    await Promise.all(servers.map((server) => server.app.get(ImportWorker, { strict: false }).drain()));
    const jobs = await Promise.all(
      replies.map(async (reply) => (await acme.admin.api.get(`${importBase}/jobs/${reply.body.jobId as string}`)).body),
    );
    expect(jobs.map(({ status }) => status as string)).toEqual(['completed', 'completed']);
    const sum = (name: string) => jobs.reduce((all: number, { counts }) => all + (counts[name] as number), 0);
    expect([await stored(), sum('create'), sum('skip')]).toEqual([[9_000, 2], 9_000, 9_000]);
  });
});

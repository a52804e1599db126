import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ImportWorker } from '../../src/attendance/imports/jobs/import-worker';
import { settingsFor } from '../support/processes';
import { startServer, type TestServer } from '../support/server';
import type { Tenant } from '../support/world';
import { rollcall } from './command';

let server: TestServer;
let acme: Tenant;
let folder: string;
const base = '/api/attendance/import';

beforeAll(async () => {
  server = await startServer({ BODY_LIMIT_BYTES: '2000000' });
  acme = await server.world.tenant();
  folder = mkdtempSync(path.join(tmpdir(), 'rollcall-cli-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

const at = (name: string) => path.join(folder, name);
const json = (name: string): any => JSON.parse(readFileSync(at(name), 'utf8'));
async function load(file: string, name: string) {
  const reply = await fetch(`${server.url}${base}/upload?filename=${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${acme.admin.token}`, 'content-type': 'application/octet-stream' },
    body: readFileSync(file),
  });
  const { fileId } = (await reply.json()) as { fileId: string };
  const source = { fileId, timeZone: 'Europe/Berlin' };
  const { commitToken } = (await acme.admin.api.post(`${base}/preview`, source)).body as { commitToken: string };
  const { body } = await acme.admin.api.post(`${base}/commit`, { ...source, commitToken });
  await server.app.get(ImportWorker, { strict: false }).drain();
  const { status, counts } = (await acme.admin.api.get(`${base}/jobs/${body.jobId as string}`)).body;
  await acme.admin.api.post(`${base}/rollback/${body.batchId as string}`);
  await server.app.get(ImportWorker, { strict: false }).drain();
  return { status, counts };
}

const place = ['--from', '2026-03-20', '--time-zone', 'Europe/Berlin'];

describe('rollcall generate', () => {
  it('makes the people that the file names, each once, with evidence', async () => {
    const settings = settingsFor(server.database, folder);
    const flags = ['generate', '--shape', 'csv', '--people', '12', '--out', at('any.csv'), '--tenant'];
    const [made, again] = [
      await rollcall([...flags, acme.slug], settings),
      await rollcall([...flags, acme.slug], settings),
    ];
    expect([made.code, made.error]).toEqual([0, '12 of 12 people made.\n']);
    expect([again.code, again.error]).toEqual([0, '0 of 12 people made.\n']);
    const found = (await acme.admin.api.get('/api/users?limit=200')).body.data as { employeeNumber?: string }[];
    expect(found.filter(({ employeeNumber = '' }) => /^0000(?:0[1-9]|1[0-2])$/.test(employeeNumber))).toHaveLength(12);
    expect(await server.database.count('audit_logs', `tenant_id = $1 AND request_id = 'generate'`, [acme.id])).toBe(12);
    expect((await rollcall([...flags, 'nowhere'], settings)).error).toBe('There is no tenant nowhere.\n');
  });

  const shapes = [
    'csv',
    'csv-wide',
    'xlsx',
    'xlsx-days',
    'ndjson',
    'attlog.dat',
    'attlog-5',
    'adms',
    'dingtalk',
    'clockify',
    'toggl',
  ];
  it.each(shapes)(
    'as %s writes what is imported as its truth says',
    async (shape) => {
      const flags = ['--seed', '5', '--people', '12', '--days', '20', '--faults', '0.05', ...place];
      const done = await rollcall([
        'generate',
        '--shape',
        shape,
        ...flags,
        '--out',
        at(shape),
        '--truth',
        at('truth.json'),
      ]);
      expect(done).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+ rows, \d+ bytes; /) });
      const truth = json('truth.json');
      expect(truth).toMatchObject({ options: { seed: 5, people: 12 }, bytes: readFileSync(at(shape)).length });
      expect(Object.keys(truth.faults).length).toBeGreaterThan(2);
      const { status, counts } = await load(at(shape), shape);
      expect([status, counts.create, counts.reject]).toEqual([
        'completed',
        truth.expected.create,
        truth.expected.reject,
      ]);
    },
    30_000,
  );

  it('needs no settings for a file alone, and writes the same one for the same seed', async () => {
    const flags = ['generate', '--shape', 'csv', '--rows', '300', '--people', '20', '--seed', '9'];
    const [first, again, other] = [
      await rollcall(flags),
      await rollcall(flags),
      await rollcall([...flags, '--seed', '8']),
    ];
    expect([first.code, first.error]).toEqual([0, '']);
    expect(first.out.trimEnd().split('\r\n')).toHaveLength(301);
    expect(again.out).toBe(first.out);
    expect(other.out).not.toBe(first.out);
  });

  it('tells every day with --truth-days, and whom the file names with --people-file', async () => {
    const flags = [
      'generate',
      '--shape',
      'csv',
      '--people',
      '3',
      '--days',
      '4',
      '--faults',
      '0',
      '--out',
      at('days.csv'),
    ];
    const files = ['--truth', at('days.json'), '--truth-days', '--people-file', at('people.json')];
    expect((await rollcall([...flags, ...files])).code).toBe(0);
    const truth = json('days.json');
    expect(truth.days).toHaveLength(12);
    const punches = (truth.days as { punches: unknown[] }[]).flatMap((day) => day.punches);
    expect(punches).toHaveLength(truth.expected.create as number);
    const [first] = readFileSync(at('people.json'), 'utf8').trimEnd().split('\n');
    const globex = await server.world.tenant();
    const made = await globex.admin.api.post('/api/users', first);
    expect([made.status, made.body.employeeNumber]).toEqual([201, '000001']);
    await rollcall([...flags, '--people-file', at('people.csv')]);
    expect(readFileSync(at('people.csv'), 'utf8').split('\n')[0]).toBe('employeeNumber,name,email,role');
  });
});

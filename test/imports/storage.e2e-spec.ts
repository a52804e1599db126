import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { TestDatabase } from '../support/database';
import { settingsFor, startProcess } from '../support/processes';
import { startServer, type TestServer } from '../support/server';
import { until } from '../support/until';
import type { Tenant } from '../support/world';

const UPLOAD = '/api/attendance/import/upload?filename=november.csv';
const MIB = 1024 * 1024;
const HEADER = 'employeeNumber,type,timestamp,deviceId\n';
const ROW = '000001,in,2026-03-02T09:00:00Z,gate-1\n';
const megabytes = (count: number) => HEADER + ROW.repeat((count * MIB) / ROW.length);

describe('the files of a tenant', () => {
  let server: TestServer;
  let acme: Tenant;
  beforeAll(async () => {
    server = await startServer({ IMPORT_STORAGE_MIB_PER_TENANT: '3' });
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    acme = await server.world.tenant();
  });

  async function upload(tenant: Tenant, body: string): Promise<[number, string | undefined]> {
    const reply = await fetch(`${server.url}${UPLOAD}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tenant.admin.token}`, 'content-type': 'text/csv' },
      body,
    });
    return [reply.status, ((await reply.json()) as { code?: string }).code];
  }
  const stored = (tenant: Tenant) => server.database.count('import_files', 'tenant_id = $1', [tenant.id]);

  it('have a limit together, which is no other tenant’s', async () => {
    expect(await upload(acme, megabytes(2))).toEqual([201, undefined]);
    expect(await upload(acme, megabytes(2))).toEqual([413, 'import_storage_full']);
    expect(await upload(acme, megabytes(0.5))).toEqual([201, undefined]);
    expect(await upload(await server.world.tenant(), megabytes(2))).toEqual([201, undefined]);
    expect(await stored(acme)).toBe(2);
    await server.database.sql('DELETE FROM import_files WHERE tenant_id = $1', [acme.id]);
    expect(await upload(acme, megabytes(2))).toEqual([201, undefined]);
  });

  it('do not pass it together either', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => upload(acme, megabytes(1.2))));
    const [good, full] = [201, 413].map((status) => answers.filter(([each]) => each === status).length);
    expect([good, full]).toEqual([await stored(acme), 6 - (await stored(acme))]);
    expect(await stored(acme)).toBeLessThanOrEqual(2);
    expect(await stored(acme)).toBeGreaterThan(0);
  });

  it('are refused on their way, and whoever sends one is answered', async () => {
    for (let n = 0; n < 10; n += 1) expect(await upload(acme, megabytes(4))).toEqual([413, 'import_storage_full']);
    expect(await stored(acme)).toBe(0);
  });
});

describe('A12: an upload whose server was killed', () => {
  it('is swept from the temporary folder when a server starts there, and that of a living one is not', async () => {
    const database = await TestDatabase.create();
    const folder = mkdtempSync(path.join(os.tmpdir(), 'rollcall-sweep-'));
    const data = mkdtempSync(path.join(os.tmpdir(), 'rollcall-sweep-data-'));
    const settings = { ...settingsFor(database, data), TMPDIR: folder };
    const files = () => readdirSync(folder).filter((name) => name.startsWith('rollcall-import-'));
    const here = await startServer({ ROLLCALL_DATA_DIR: data }, database);
    const acme = await here.world.tenant();
    const start = async () => {
      const server = await startProcess(settings);
      const before = files().length;
      const request = http.request(`${server.url}${UPLOAD}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${acme.admin.token}`, 'content-type': 'text/csv' },
      });
      request.on('error', () => undefined);
      request.write(HEADER);
      await until(() => files().length > before, 'the upload has begun');
      return { server, request };
    };
    const [dying, living] = [await start(), await start()];
    const [first] = files().filter((name) => name.includes(`-${dying.server.pid}-`));
    expect(files()).toHaveLength(2);
    dying.server.kill('SIGKILL');
    await dying.server.exited;
    expect(files()).toContain(first);
    const next = await startProcess(settings);
    await until(() => files().length === 1, 'what was left is swept');
    expect(files()).not.toContain(first);
    living.request.end(ROW);
    await new Promise((resolve) => living.request.once('response', resolve));
    await until(() => files().length === 0, 'the upload has ended');
    for (const server of [living.server, next]) {
      server.kill('SIGTERM');
      await server.exited;
    }
    await here.close();
    await database.drop();
    for (const each of [folder, data]) rmSync(each, { recursive: true, force: true });
  });
});

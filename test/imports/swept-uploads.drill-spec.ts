import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { TestDatabase } from '../support/database';
import { settingsFor, startProcess } from '../support/processes';
import { startServer } from '../support/server';
import { until } from '../support/until';

const UPLOAD = '/api/attendance/import/upload?filename=november.csv';
const HEADER = 'employeeNumber,type,timestamp,deviceId\n';
const ROW = '000001,in,2026-03-02T09:00:00Z,gate-1\n';

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

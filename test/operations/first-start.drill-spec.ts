import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { firstFreePort } from '../../src/database/embedded/ports';
import { builtProgram } from '../support/build';
import { TestDatabase } from '../support/database';
import { settingsFor, startProcess } from '../support/processes';
import { until } from '../support/until';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'rollcall-first-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('a first start says last where it is, who signs in and what to try, behind all lines about itself and its demo', async () => {
  const file = path.join(folder, 'output');
  const port = await firstFreePort(20_000 + (process.pid % 10_000), '127.0.0.1');
  const environment = { ROLLCALL_DATA_DIR: path.join(folder, 'data'), LOG_LEVEL: 'info', PORT: String(port) };
  // Both streams into one file, as a terminal shows them.
  const command = ['sh', '-c', `exec '${process.execPath}' '${builtProgram()}' >'${file}' 2>&1`];
  const server = await startProcess(environment, command);
  const output = await until(async () => {
    const text = await readFile(file, 'utf8');
    return text.includes('Try it') ? text : undefined;
  }, 'the welcome has been written');
  const [before = '', welcome = ''] = output.split('\n  Rollcall is ready.\n');
  expect(before).toContain('Listening on http');
  expect(before).toContain('"route":"/api/pay-periods/:id/close"'); // the last weeks of the demo have been told
  expect(before).not.toMatch(/Mapped \{|dependencies initialized/);
  expect(welcome).toContain(`http://localhost:${port}/docs`);
  expect(welcome).not.toContain('"level"');
  server.kill('SIGTERM');
  expect(await server.exited).toMatchObject({ code: 0 });
});

it('the inventory of modules and routes is there for whoever asks for it', async () => {
  const database = await TestDatabase.create();
  const server = await startProcess({ ...settingsFor(database, folder), LOG_LEVEL: 'debug' });
  const mapped = server.output.split('\n').find((line) => line.includes('Mapped {/api/punches, POST} route'));
  expect(mapped).toContain('"level":"debug"');
  server.kill('SIGTERM');
  await server.exited;
  await database.drop();
});

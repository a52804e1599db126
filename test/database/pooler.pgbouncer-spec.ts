import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { firstFreePort } from '../../src/database/embedded/ports';
import { TestDatabase } from '../support/database';
import { until } from '../support/until';
import { stateBehind } from './pooler-scene';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create();
});
afterAll(() => database.drop());

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => {
      resolve(false);
    });
  });

/** It refuses to run as root. */
const asNobody = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];

/** Told not to carry prepared statements along; before 1.21 it cannot, nor knows the setting. */
const forgetful = () => {
  const { stdout } = spawnSync('pgbouncer', ['--version'], { encoding: 'utf8' });
  return Number(/ 1\.(\d+)/.exec(stdout)?.[1] ?? 0) < 21 ? '' : 'max_prepared_statements = 0';
};

async function pooler(settings: string): Promise<{ url: string; process: ChildProcess }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'rollcall-pooler-'));
  const target = new URL(database.urls.runtime);
  const port = await firstFreePort(20_000 + Math.floor(Math.random() * 20_000), '127.0.0.1');
  const file = path.join(folder, 'pgbouncer.ini');
  await writeFile(
    file,
    `[databases]
pooled = host=${target.hostname} port=${target.port} dbname=${database.name} user=${target.username} password=${target.password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
${forgetful()}
${settings}
`,
  );
  await chmod(folder, 0o755);
  const bouncer = spawn('pgbouncer', [...asNobody, file], { stdio: 'ignore' });
  bouncer.on('exit', () => void rm(folder, { recursive: true, force: true }));
  await until(() => answers(port), 'the pooler answers');
  return { url: `postgresql://anyone@127.0.0.1:${port}/pooled`, process: bouncer };
}

it.each([
  ['transaction mode is found out before there are requests', 'pool_mode = transaction', 'lost'],
  ['session mode is not suspected', 'pool_mode = session', 'kept'],
  [
    'transaction mode with a single connection is given the benefit of the doubt',
    'pool_mode = transaction\ndefault_pool_size = 1',
    'kept',
  ],
])('a pooler in %s', async (_, settings, expected) => {
  const { url, process: bouncer } = await pooler(settings);
  try {
    if (expected === 'lost') await expect(stateBehind(url)).rejects.toThrow('loses prepared statements');
    else expect(await stateBehind(url)).toMatchObject({ missingMigrations: 0 });
  } finally {
    bouncer.kill();
  }
});

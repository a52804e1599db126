import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import {
  type EmbeddedOptions,
  type RunningPostgres,
  startEmbeddedPostgres,
} from '../../src/database/embedded/embedded-postgres';
import { isAlive } from '../../src/database/embedded/processes';
import { until } from '../support/until';

const asRoot = process.geteuid?.() === 0 ? test : test.skip;
const root = mkdtempSync(join(tmpdir(), 'embedded-postgres-'));
const running: RunningPostgres[] = [];
const owners: ChildProcess[] = [];
let lines: string[] = [];

beforeAll(() => {
  chmodSync(root, 0o711);
});
beforeEach(() => {
  lines = [];
});
afterEach(async () => {
  for (const owner of owners.splice(0)) owner.kill('SIGKILL');
  for (const server of running.splice(0).reverse()) await server.stop();
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

async function start(dataDir: string, more: Partial<EmbeddedOptions> = {}): Promise<RunningPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, durable: false, log: (line) => lines.push(line), ...more });
  running.push(server);
  return server;
}

async function ask(server: RunningPostgres, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: server.superuserUrl('postgres') });
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows.flat();
  } finally {
    await client.end();
  }
}

const pidOf = (dataDir: string): number =>
  Number.parseInt(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10);

/** A process of its own that starts the server and can then be killed without warning. */
async function ownerProcess(dataDir: string): Promise<ChildProcess> {
  const owner = spawn(process.execPath, [join(__dirname, 'embedded-owner.js'), dataDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  owners.push(owner);
  await new Promise((resolve, reject) => {
    owner.stdout.once('data', resolve);
    owner.once('exit', () => {
      reject(new Error('the owner process ended'));
    });
  });
  return owner;
}

async function kill(process: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => process.once('exit', resolve));
  process.kill('SIGKILL');
  await gone;
}

describe('on one data directory', () => {
  const dataDir = join(root, 'shared');

  test('a fresh start creates a cluster that is the same on every machine', async () => {
    const server = await start(dataDir);
    expect(server.adopted).toBe(false);
    const settings = [
      'server_encoding',
      'timezone',
      'listen_addresses',
      'unix_socket_directories',
      'data_checksums',
      'shared_preload_libraries',
    ];
    const values = await ask(server, `select ${settings.map((name) => `current_setting('${name}')`).join()}`);
    expect(values).toEqual(['UTF8', 'UTC', '127.0.0.1', '', 'on', 'pg_stat_statements']);
    expect(await ask(server, `select datlocprovider, datlocale from pg_database where datname = 'template1'`)).toEqual([
      'b',
      'C.UTF-8',
    ]);
    expect(await ask(server, `select distinct auth_method from pg_hba_file_rules`)).toEqual(['scram-sha-256']);
    expect(statSync(join(dataDir, 'postgres.json')).mode & 0o777).toBe(0o600);
    await ask(server, `create table kept as select 42 as answer`);
  });

  test('a second start finds the data', async () => {
    const server = await start(dataDir);
    expect(await ask(server, 'select answer from kept')).toEqual([42]);
  });

  test('the server of a killed owner is adopted and, being ours now, stopped', async () => {
    const owner = await ownerProcess(dataDir);
    const pid = pidOf(dataDir);
    await kill(owner);
    expect(isAlive(pid)).toBe(true);
    const server = await start(dataDir);
    expect(server.adopted).toBe(true);
    expect(pidOf(dataDir)).toBe(pid);
    expect(await ask(server, 'select answer from kept')).toEqual([42]);
    await server.stop();
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(join(dataDir, 'owner.json'))).toBe(false);
  });

  test('an orphan with other settings is started again', async () => {
    const owner = await ownerProcess(dataDir);
    const pid = pidOf(dataDir);
    await kill(owner);
    const server = await start(dataDir, { settings: { work_mem: '9MB' } });
    expect(server.adopted).toBe(false);
    expect(isAlive(pid)).toBe(false);
    expect(await ask(server, `select current_setting('work_mem')`)).toEqual(['9MB']);
  });

  test('beside a living owner the server is used and left running', async () => {
    const owner = await ownerProcess(dataDir);
    const pid = pidOf(dataDir);
    const guest = await start(dataDir);
    expect(guest.adopted).toBe(true);
    await guest.stop();
    expect(isAlive(pid)).toBe(true);
    // An owner that exits in order, but without stop(), takes its server along.
    owner.kill('SIGTERM');
    await until(() => !isAlive(pid), 'the server has gone with its owner');
  });

  test('a postmaster.pid left behind does not block the start, not even when its number was reused', async () => {
    const file = join(dataDir, 'postgres', 'postmaster.pid');
    const stale = (pid: number): string =>
      `${pid}\n${join(dataDir, 'postgres')}\n1700000000\n5432\n\n127.0.0.1\n  1234567         0\nready   \n`;
    // A gone process, this process, and init: alive, and somebody else.
    for (const pid of [2 ** 22 + 1, process.pid, 1]) {
      writeFileSync(file, stale(pid), { mode: 0o600 });
      const server = await start(dataDir);
      expect(server.adopted).toBe(false);
      await server.stop();
    }
  });

  test('a taken port is stepped over', async () => {
    const blocker = createServer();
    const port = await new Promise<number>((resolve) => {
      blocker.listen(0, '127.0.0.1', () => {
        const address = blocker.address();
        resolve(typeof address === 'object' && address ? address.port : 0);
      });
    });
    try {
      const server = await start(dataDir, { port });
      expect(server.port).toBeGreaterThan(0);
      expect(server.port).not.toBe(port);
      expect(await ask(server, 'select answer from kept')).toEqual([42]);
    } finally {
      blocker.close();
    }
  });

  /** Asks again and again: the server may be away for a moment. */
  const answerOf = (server: RunningPostgres) =>
    until(() => ask(server, 'select answer from kept').catch(() => undefined), 'it answers');

  test.each(['SIGQUIT', 'SIGKILL', 'SIGINT'] as const)(
    'B9, A8: a server that dies of %s is a line in the log, and is started again on its port, with its data',
    async (signal) => {
      const server = await start(dataDir);
      const pid = pidOf(dataDir);
      process.kill(pid, signal);
      await until(() => lines.some((line) => line.includes('ended unexpectedly')), 'the log says so');
      expect(lines.find((line) => line.includes('ended unexpectedly'))).toMatch(/: .*postgres\.log/);
      expect(await answerOf(server)).toEqual([42]);
      expect(pidOf(dataDir)).not.toBe(pid);
      // And once more: the new one is watched like the first, from when the log says that it is back.
      await until(() => lines.some((line) => line.includes('is back on port')), 'the log says that it is back');
      process.kill(pidOf(dataDir), signal);
      await until(
        () => lines.filter((line) => line.includes('ended unexpectedly')).length === 2,
        'the log says so again',
      );
      expect(await answerOf(server)).toEqual([42]);
      const last = pidOf(dataDir);
      await server.stop();
      expect(isAlive(last)).toBe(false);
    },
  );

  test('A8: an adopted server that dies is started again as well, and a stop meanwhile leaves none behind', async () => {
    const owner = await ownerProcess(dataDir);
    const pid = pidOf(dataDir);
    await kill(owner);
    const server = await start(dataDir);
    expect(server.adopted).toBe(true);
    process.kill(pid, 'SIGKILL');
    await until(() => lines.some((line) => line.includes('ended unexpectedly')), 'the log says so');
    expect(await answerOf(server)).toEqual([42]);
    const second = pidOf(dataDir);
    process.kill(second, 'SIGKILL');
    await until(() => !isAlive(second), 'it is gone');
    await server.stop();
    expect(existsSync(join(dataDir, 'owner.json'))).toBe(false);
    expect((await start(dataDir)).adopted).toBe(false);
  });

  test('a failed start says what the server said, and can be repeated', async () => {
    await expect(start(dataDir, { settings: { shared_buffers: 'plenty' } })).rejects.toThrow(/shared_buffers.*plenty/s);
    expect((await start(dataDir)).adopted).toBe(false);
  });

  asRoot('a cluster changes hands when root runs it another way', async () => {
    const server = await start(dataDir, { rootStrategies: ['account'] });
    expect(statSync(join(dataDir, 'postgres')).uid).not.toBe(0);
    expect(await ask(server, 'select answer from kept')).toEqual([42]);
    await server.stop();
    expect(await ask(await start(dataDir), 'select answer from kept')).toEqual([42]);
  });

  test('a cluster of another major version is refused', async () => {
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '17\n');
    await expect(start(dataDir)).rejects.toThrow(/created by PostgreSQL 17, this release runs PostgreSQL 18/);
  });
});

describe('on a data directory of its own', () => {
  asRoot('root starts in a private folder, by a user namespace', async () => {
    const privateFolder = join(root, 'private');
    mkdirSync(privateFolder, { mode: 0o700 });
    const server = await start(join(privateFolder, 'data'), { rootStrategies: ['userNamespace'] });
    expect(await ask(server, 'select 1')).toEqual([1]);
    const refused = start(join(privateFolder, 'other'), { rootStrategies: ['account'] });
    await expect(refused).rejects.toThrow(/refuses to run as root.*ordinary.*ROLLCALL_DATA_DIR.*DATABASE_URL/s);
  });

  test('what an interrupted initdb left is swept away, and what is not ours is not', async () => {
    const dataDir = join(root, 'interrupted');
    const half = join(dataDir, 'postgres.init-Ab3dEf');
    mkdirSync(join(half, 'base'), { recursive: true });
    writeFileSync(join(half, 'PG_VERSION'), '18\n');
    writeFileSync(`${half}.password`, 'secret');
    mkdirSync(join(dataDir, 'postgres'));
    writeFileSync(join(dataDir, 'postgres', 'letter.txt'), 'dear all');
    await expect(start(dataDir)).rejects.toThrow(/is not a PostgreSQL cluster/);
    rmSync(join(dataDir, 'postgres', 'letter.txt'));
    expect(await ask(await start(dataDir), 'select 1')).toEqual([1]);
    expect(existsSync(half) || existsSync(`${half}.password`)).toBe(false);
  });
});

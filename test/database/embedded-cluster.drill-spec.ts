import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ask, embeddedScene } from './embedded-scene';

const { root, start } = embeddedScene();

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

  test('a failed start says what the server said, and can be repeated', async () => {
    await expect(start(dataDir, { settings: { shared_buffers: 'plenty' } })).rejects.toThrow(/shared_buffers.*plenty/s);
    expect((await start(dataDir)).adopted).toBe(false);
  });

  test('a cluster of another major version is refused', async () => {
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '17\n');
    await expect(start(dataDir)).rejects.toThrow(/created by PostgreSQL 17, this release runs PostgreSQL 18/);
  });
});

describe('on a data directory of its own', () => {
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

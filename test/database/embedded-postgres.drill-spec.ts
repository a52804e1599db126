import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningPostgres } from '../../src/database/embedded/embedded-postgres';
import { isAlive } from '../../src/database/embedded/processes';
import { until } from '../support/until';
import { ask, embeddedScene, kill, pidOf } from './embedded-scene';

const { root, lines, start, ownerProcess } = embeddedScene();

describe('on one data directory', () => {
  const dataDir = join(root, 'shared');

  beforeAll(async () => {
    const server = await start(dataDir);
    await ask(server, 'create table kept as select 42 as answer');
    await server.stop();
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
});

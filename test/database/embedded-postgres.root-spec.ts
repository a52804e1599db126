import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ask, embeddedScene } from './embedded-scene';

const { root, start } = embeddedScene();

test('root starts in a private folder, by a user namespace', async () => {
  const privateFolder = join(root, 'private');
  mkdirSync(privateFolder, { mode: 0o700 });
  const server = await start(join(privateFolder, 'data'), { rootStrategies: ['userNamespace'] });
  expect(await ask(server, 'select 1')).toEqual([1]);
  const refused = start(join(privateFolder, 'other'), { rootStrategies: ['account'] });
  await expect(refused).rejects.toThrow(/refuses to run as root.*ordinary.*ROLLCALL_DATA_DIR.*DATABASE_URL/s);
});

test('a cluster changes hands when root runs it another way', async () => {
  const dataDir = join(root, 'shared');
  const first = await start(dataDir);
  await ask(first, 'create table kept as select 42 as answer');
  await first.stop();
  const server = await start(dataDir, { rootStrategies: ['account'] });
  expect(statSync(join(dataDir, 'postgres')).uid).not.toBe(0);
  expect(await ask(server, 'select answer from kept')).toEqual([42]);
  await server.stop();
  expect(await ask(await start(dataDir), 'select answer from kept')).toEqual([42]);
});

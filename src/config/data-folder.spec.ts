import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError } from './config';
import { makeDataFolder } from './data-folder';

let above: string;
beforeEach(async () => {
  above = await mkdtemp(path.join(tmpdir(), 'rollcall-folder-'));
});
afterEach(() => rm(above, { recursive: true }));

it('makes the folder and those above it, for nobody else, and takes one that is there', async () => {
  const folder = path.join(above, 'a', 'b', 'data');
  await Promise.all([makeDataFolder(folder), makeDataFolder(folder)]);
  await makeDataFolder(folder);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

it('leaves the rights of a folder that is there as they are', async () => {
  await mkdir(path.join(above, 'open'), { mode: 0o755 });
  await makeDataFolder(path.join(above, 'open'));
  expect((await stat(path.join(above, 'open'))).mode & 0o777).toBe(0o755);
});

it('says which folder cannot be made, where a file is in the way', async () => {
  const file = path.join(above, 'file');
  await writeFile(file, '');
  const failed = makeDataFolder(path.join(file, 'data'));
  await expect(failed).rejects.toThrow(ConfigError);
  await expect(failed).rejects.toThrow(
    `ROLLCALL_DATA_DIR points to ${file}/data, but ${file} cannot be made (Error: EEXIST`,
  );
});

// Node's recursive mkdir tries for ever in /proc, which only Linux has.
const below = ['/dev/null/x', ...(existsSync('/proc') ? ['/proc/x', '/proc/x/y/z'] : [])];
it.each(below)('ends in time, and in a remedy, for %s', async (folder) => {
  const failed = makeDataFolder(folder);
  await expect(failed).rejects.toThrow(ConfigError);
  await expect(failed).rejects.toThrow(/let the user that runs Rollcall write to .+, or name a folder elsewhere/);
});

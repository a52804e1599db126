import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError } from './config';

/**
 * Makes the data folder and the folders above it that are missing, for nobody but us. Throws a ConfigError that names the setting, where it
 * stopped and what to do. One by one: Node's recursive mkdir never ends below a folder that takes none, such as /proc.
 */
export async function makeDataFolder(folder: string): Promise<void> {
  const missing: string[] = [];
  let there = folder;
  while (!(await isFolder(there))) {
    missing.unshift(there);
    const above = path.dirname(there);
    if (above === there) break;
    there = above;
  }
  for (const each of missing)
    await mkdir(each, { mode: 0o700 }).catch(async (error: unknown) => {
      // Another process may have been faster.
      if (await isFolder(each)) return;
      throw new ConfigError([
        `ROLLCALL_DATA_DIR points to ${folder}, but ${each} cannot be made (${String(error)}): let the user that runs Rollcall write to ` +
          `${path.dirname(each)}, or name a folder elsewhere`,
      ]);
    });
}

const isFolder = (name: string) =>
  stat(name).then(
    (found) => found.isDirectory(),
    () => false,
  );

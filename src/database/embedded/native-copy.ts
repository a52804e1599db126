import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Binaries } from './binaries';

/**
 * A copy of PostgreSQL inside the data folder, for a user who can enter that folder but not the one the package is
 * installed in. Not in the system's temporary folder: others can write there first, and cleaners empty it under a
 * running server. It carries the version in its name and appears only when complete.
 */
export function nativeCopy(binaries: Binaries, dataDir: string): Binaries {
  const home = join(dataDir, `postgres-binaries-${binaries.version}`);
  if (!existsSync(home)) {
    const draft = mkdtempSync(`${home}.`);
    try {
      // mkdtemp folders are private; the copy has to be a fresh folder with the original's modes.
      cpSync(binaries.home, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
      renameSync(join(draft, 'native'), home);
    } catch (error) {
      // Another process may have finished the same copy first.
      if (!existsSync(home)) throw error;
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }
  return { ...binaries, home };
}

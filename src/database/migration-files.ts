import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** Where the numbered SQL files lie: beside the compiled program and beside its sources alike. */
export const migrationsFolder = path.resolve(__dirname, '../../migrations');

/** The names of all migrations of this build, in order, as `pgmigrations` records them. */
export async function migrationNames(): Promise<string[]> {
  const files = await readdir(migrationsFolder);
  return files
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => path.basename(file, '.sql'));
}

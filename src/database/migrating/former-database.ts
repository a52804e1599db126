import type { ClientBase } from 'pg';
import { StartError } from '../access';
import { migrationNames } from './migration-files';

/** What is wrong with a database that was made before the first release, when the migrations were written anew, and what to do. */
export const formerDatabase = {
  finding: 'This database was made before the first release and cannot be upgraded',
  remedy:
    'start over with an empty one (the embedded one lies in ROLLCALL_DATA_DIR, ./.data by default: delete that folder)',
} as const;

/** Whether what was applied, in its order, is another history than this build's. */
export const isFormer = ([first]: readonly string[]): boolean => first !== undefined && first !== migrationNames()[0];

/** Throws a StartError where the database was made by former migrations, by this runner or by the one before it. */
export async function assertNotFormer(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ runner: boolean; olderRunner: boolean }>(
    `SELECT to_regclass('migrations') IS NOT NULL AS runner, to_regclass('pgmigrations') IS NOT NULL AS "olderRunner"`,
  );
  const [table] = rows;
  if (table?.olderRunner || (table?.runner && isFormer(await appliedTo(client))))
    throw new StartError(`${formerDatabase.finding}: ${formerDatabase.remedy}.`);
}

async function appliedTo(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations ORDER BY "timestamp"');
  return rows.map(({ name }) => name);
}

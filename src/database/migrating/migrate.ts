import type { ClientConfig } from 'pg';
import type { DataSource } from 'typeorm';
import { StartError } from '../access';
import { migrationNames } from './migration-files';
import { ownerDataSource } from './owner-data-source';

const TRIES = 5;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Brings the database up to this build, or one step down, as the owner. Each migration is a transaction of its own; one that
 * does not get its locks in time steps back and is tried again. Answers the names of what was done.
 */
export async function migrate(owner: ClientConfig, direction: 'up' | 'down' = 'up'): Promise<string[]> {
  for (let attempt = 1; ; attempt++) {
    const database = ownerDataSource(owner);
    try {
      await database.initialize();
      return await (direction === 'up' ? up(database) : down(database));
    } catch (error) {
      if (codeOf(error) !== LOCK_NOT_AVAILABLE || attempt >= TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
    } finally {
      if (database.isInitialized) await database.destroy();
    }
  }
}

async function up(database: DataSource): Promise<string[]> {
  assertSameOrder(await executed(database));
  const done = await database.runMigrations();
  return done.map(({ name }) => name);
}

async function down(database: DataSource): Promise<string[]> {
  const last = (await executed(database)).at(-1);
  if (last === undefined) return [];
  await database.undoLastMigration();
  return [last];
}

/** What was applied, in order; nothing where the table is still to be made. */
async function executed(database: DataSource): Promise<string[]> {
  const [table] = await database.query<{ there: boolean }[]>("SELECT to_regclass('migrations') IS NOT NULL AS there");
  if (!table?.there) return [];
  const rows = await database.query<{ name: string }[]>('SELECT name FROM migrations ORDER BY "timestamp"');
  return rows.map(({ name }) => name);
}

/** TypeORM would run a migration that was slipped in before those that are applied; nobody has ever tested that order. */
function assertSameOrder(applied: readonly string[]): void {
  const known = migrationNames();
  const missing = known.slice(0, applied.length).find((name, index) => name !== applied[index]);
  if (missing !== undefined)
    throw new StartError(`Migration ${missing} would run behind later ones: give it the next free number.`);
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

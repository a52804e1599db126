import { ownerDataSource } from '../../src/database/migrating/owner-data-source';
import { migrationClasses, migrationNames } from '../../src/database/migrating/migration-files';
import { TestDatabase } from './database';

/** A database that stands at a migration of one's choice, for tests that carry rows over the next one. Migrations are named by their subject. */
export class UpgradeDatabase {
  private constructor(readonly database: TestDatabase) {}

  /** A database to which `subject` was applied last: `0016_exports.sql` is 'exports'. */
  static async at(subject: string): Promise<UpgradeDatabase> {
    const upgrade = new UpgradeDatabase(await TestDatabase.create());
    await upgrade.to(subject);
    return upgrade;
  }

  /** Goes up or down, as the owner, until `subject` is what was applied last. */
  async to(subject: string): Promise<void> {
    const count = migrationNames().findIndex((name) => name.startsWith(`${subject}-0`)) + 1;
    if (count === 0) throw new Error(`No migration is called ${subject}`);
    const owner = { connectionString: this.database.urls.owner };
    const up = await ownerDataSource(owner)
      .setOptions({ migrations: migrationClasses().slice(0, count) })
      .initialize();
    await up.runMigrations();
    await up.destroy();
    const down = await ownerDataSource(owner).initialize();
    while ((await this.database.count('migrations')) > count) await down.undoLastMigration();
    await down.destroy();
  }

  /** Every row of every table but the bookkeeping and `but`, as text: what an upgrade must not touch. */
  async rows(...but: string[]): Promise<Record<string, string[]>> {
    const tables = await this.database.sql<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
       AND relname <> ALL ($1) ORDER BY 1`,
      [['migrations', ...but]],
    );
    const found: Record<string, string[]> = {};
    for (const { name } of tables) {
      const rows = await this.database.sql<{ row: string }>(
        `SELECT to_jsonb(t)::text AS row FROM ${name} t ORDER BY 1`,
      );
      found[name] = rows.map(({ row }) => row);
    }
    return found;
  }
}

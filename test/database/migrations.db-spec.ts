import { migrate } from '../../src/database/migrating/migrate';
import { migrationNames } from '../../src/database/migrating/migration-files';
import { TestDatabase } from '../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create('template1');
});
afterAll(() => database.drop());

const owner = () => ({ connectionString: database.urls.owner });
const applied = async () =>
  (await database.sql<{ name: string }>('SELECT name FROM migrations ORDER BY "timestamp"')).map(({ name }) => name);
/** Every column, constraint, index, function, trigger, policy, table, sequence and right of the schema, in one order. */
const catalogue = async () =>
  (
    await database.sql<{ line: string }>(`
      SELECT format('%s.%s %s %s %s %s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attacl,
          pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, a.attstorage) AS line
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      UNION ALL SELECT format('%s %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
      UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
      UNION ALL SELECT format('%s %s %s', pg_get_functiondef(oid), proowner::regrole, proacl) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      UNION ALL SELECT format('%s %s', pg_get_triggerdef(oid), tgenabled) FROM pg_trigger WHERE NOT tgisinternal
      UNION ALL SELECT format('%s', p) FROM pg_policies p WHERE schemaname = 'public'
      UNION ALL SELECT format('%s %s %s %s %s %s', relname, relkind, relrowsecurity, relforcerowsecurity, relacl, reloptions)
        FROM pg_class WHERE relnamespace = 'public'::regnamespace
      UNION ALL SELECT format('%s may %s', CASE grantee WHEN 0 THEN 'everybody' ELSE grantee::regrole::text END, privilege_type)
        FROM pg_namespace, aclexplode(nspacl) WHERE nspname = 'public'
      ORDER BY 1`)
  ).map(({ line }) => line);

describe('migrations', () => {
  it('have numbers of their own, in order', () => {
    const numbers = migrationNames().map((name) => Number(name.slice(-13)));
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  it('run once when two processes start together', async () => {
    const done = await Promise.all([migrate(owner()), migrate(owner())]);
    expect(done.flat()).toEqual(migrationNames());
    expect(await applied()).toEqual(migrationNames());
  });

  it('go down one by one to nothing, and up to the same schema', async () => {
    const before = await catalogue();
    expect(before.length).toBeGreaterThan(1000);
    for (const name of migrationNames().reverse()) expect(await migrate(owner(), 'down')).toEqual([name]);
    expect(await migrate(owner(), 'down')).toEqual([]);
    expect((await catalogue()).filter((line) => !/migrations|^PK_/.test(line))).toEqual([
      'everybody may USAGE',
      'pg_database_owner may CREATE',
      'pg_database_owner may USAGE',
    ]);
    await migrate(owner());
    expect(await catalogue()).toEqual(before);
  });

  it('refuse one that was slipped in before those that are applied', async () => {
    const [, second = ''] = migrationNames();
    await database.sql('DELETE FROM migrations WHERE name = $1', [second]);
    await expect(migrate(owner())).rejects.toThrow(`Migration ${second} would run behind later ones`);
  });
});

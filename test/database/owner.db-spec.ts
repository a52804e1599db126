import { randomBytes } from 'node:crypto';
import { migrate } from '../../src/database/migrating/migrate';
import { TestDatabase } from '../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create('template1');
});
afterAll(() => database.drop());

/** Managed servers give nobody a superuser. Whoever makes a role there administers it, and from 16 on may not yet become it. */
it('an owner who may make roles, and nothing more, can migrate', async () => {
  const owner = `maker_${randomBytes(4).toString('hex')}`;
  await database.sql(`CREATE ROLE ${owner} LOGIN CREATEROLE PASSWORD 'made'`);
  // The group roles belong to the cluster and are there already: this is how they stand for the one who made them.
  for (const role of ['runtime', 'writer', 'retention', 'directory'])
    await database.sql(`GRANT rollcall_${role} TO ${owner} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`);
  await database.sql(`ALTER DATABASE ${database.name} OWNER TO ${owner}`);
  const url = new URL(database.urls.owner);
  url.username = owner;
  url.password = 'made';
  await migrate({ connectionString: url.href });
  expect(await database.sql(`SELECT tableowner FROM pg_tables WHERE tablename = 'audit_logs'`)).toEqual([
    { tableowner: owner },
  ]);
});

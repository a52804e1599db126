import { Client } from 'pg';
import { aKey } from '../support/client';
import { serverForFile } from '../support/scene';
import { startServer } from '../support/server';
import { until } from '../support/until';

const server = serverForFile(
  {
    REQUEST_DEADLINE_MS: '2000',
    DATABASE_STATEMENT_TIMEOUT_MS: '1990',
    DATABASE_LOCK_TIMEOUT_MS: '1980',
    IDEMPOTENCY_WAIT_MS: '100',
  },
  startServer,
);

it('a request that takes too long is given up with 503, and the same key finds out what became of it', async () => {
  const acme = await server.world.tenant();
  const other = new Client({ connectionString: server.database.urls.superuser });
  await other.connect();
  try {
    // Each statement waits for less than its own bound; together they take longer than anybody should wait.
    await other.query(
      `CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1.2); RETURN NEW; END $$`,
    );
    for (const table of ['users', 'audit_logs']) {
      await other.query(`CREATE TRIGGER slow BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION dawdle()`);
    }
    const key = aKey();
    const person = { name: 'Slow Sally', role: 'employee' };
    const reply = await acme.admin.api.post('/api/users', person, { key });
    expect([reply.status, reply.body.code]).toEqual([503, 'deadline_exceeded']);
    expect(reply.headers.get('retry-after')).toBe('1');
    for (const table of ['users', 'audit_logs']) await other.query(`DROP TRIGGER slow ON ${table}`);
    const again = async () => (await acme.admin.api.post('/api/users', person, { key })).status;
    await until(async () => (await again()) === 201, 'the key is answered');
    expect(await server.database.count('users', `name = 'Slow Sally'`)).toBe(1);
  } finally {
    await other.end();
  }
});

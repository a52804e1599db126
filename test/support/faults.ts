import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { TestDatabase } from './database';
import type { Person } from './world';

/** Something that stands in the way until it is lifted. */
export interface Obstacle {
  lift(): Promise<void>;
}

/** Storing this person's punches takes so long: the first request is still at it when the others arrive. */
export function slowPunches(database: TestDatabase, person: Person, seconds: number): Promise<Obstacle> {
  return trigger(database, person, `PERFORM pg_sleep(${seconds})`);
}

/** Storing this person's punches fails, with an error of the database that nobody expects. */
export function failingPunches(database: TestDatabase, person: Person): Promise<Obstacle> {
  return trigger(database, person, `RAISE EXCEPTION 'fault injected for %', NEW.employee_id`);
}

/** Somebody else has locked the person's row: who needs it waits, until the lock is lifted or lock_timeout has passed. */
export async function lockedPerson(database: TestDatabase, person: Person): Promise<Obstacle> {
  const client = new Client({ connectionString: database.urls.superuser });
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT FROM users WHERE id = $1 FOR UPDATE', [person.id]);
  return { lift: () => client.end() };
}

/** Ends every connection of the servers, as a restart of PostgreSQL does; answers how many there were. */
export async function cutConnections(database: TestDatabase): Promise<number> {
  const cut = await database.sql(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename = 'rollcall_app'`,
    [database.name],
  );
  return cut.length;
}

async function trigger(database: TestDatabase, person: Person, action: string): Promise<Obstacle> {
  const name = `obstacle_${randomBytes(6).toString('hex')}`;
  await database.sql(
    `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${action}; RETURN NEW; END $$`,
  );
  await database.sql(
    `CREATE TRIGGER ${name} BEFORE INSERT ON punches FOR EACH ROW WHEN (NEW.employee_id = '${person.id}') EXECUTE FUNCTION ${name}()`,
  );
  return {
    lift: async () => {
      await database.sql(`DROP FUNCTION ${name}() CASCADE`);
    },
  };
}

import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { TestDatabase } from './database';
import { until } from './until';
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

/** Storing this person's punches waits until the obstacle is lifted; a statement's time-out is still its bound. */
export async function heldPunches(database: TestDatabase, person: Person): Promise<Obstacle> {
  const key = randomBytes(4).readInt32BE();
  const holder = new Client({ connectionString: database.urls.superuser });
  await holder.connect();
  await holder.query('SELECT pg_advisory_lock($1)', [key]);
  const obstacle = await trigger(
    database,
    person,
    `WHILE NOT pg_try_advisory_xact_lock_shared(${key}) LOOP PERFORM pg_sleep(0.02); END LOOP`,
  );
  return {
    lift: async () => {
      await holder.end();
      await obstacle.lift();
    },
  };
}

/** Until so many connections of the servers sleep in an obstacle (`PgSleep`) or wait for a lock of somebody else (`Lock`). */
export async function untilWaiting(database: TestDatabase, event: 'PgSleep' | 'Lock', count = 1): Promise<void> {
  await until(
    async () =>
      (await database.count('pg_stat_activity', 'datname = $1 AND $2 IN (wait_event, wait_event_type)', [
        database.name,
        event,
      ])) >= count,
    `${count} connections wait: ${event}`,
  );
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

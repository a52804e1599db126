import type { ClientBase, ClientConfig } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { SchemaNames } from '../orm/naming';
import { assertNotFormer } from './former-database';
import { migrationClasses } from './migration-files';

/** A migration waits this long for a lock, then steps back so that nobody queues behind it. */
const LOCK_TIMEOUT_MS = 4000;
const STATEMENT_TIMEOUT_MS = 60_000;
/** A server that does not answer at all is given up this much later than it would have refused. */
const SLACK_MS = 5000;
/** The longest wait for another process that migrates. */
const MIGRATION_LOCK_TIMEOUT_MS = 600_000;
/** Any number of our own; every runner of this product asks for the same one. */
const MIGRATION_LOCK = 7_203_115_204;

/**
 * The owner's data source, for migrations and for comparing entities with the schema. TypeORM takes no lock of its own, so its
 * only connection takes one for as long as it lives: of two processes that migrate at once, one waits for the other.
 */
export function ownerDataSource(owner: ClientConfig, entities: DataSourceOptions['entities'] = []): DataSource {
  return new DataSource({
    type: 'postgres',
    entities,
    namingStrategy: new SchemaNames(),
    migrations: migrationClasses(),
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    installExtensions: false,
    logging: false,
    extra: { ...owner, query_timeout: STATEMENT_TIMEOUT_MS + SLACK_MS, max: 1, onConnect: enter },
  });
}

/** The lock first, because its wait is not to be cut short; then the time-outs that keep a migration from blocking everybody. */
async function enter(client: ClientBase): Promise<void> {
  const lock = { text: 'SELECT pg_advisory_lock($1)', query_timeout: MIGRATION_LOCK_TIMEOUT_MS };
  await client.query(lock, [MIGRATION_LOCK]);
  await client.query(`SET lock_timeout = ${LOCK_TIMEOUT_MS}; SET statement_timeout = ${STATEMENT_TIMEOUT_MS}`);
  await assertNotFormer(client);
}

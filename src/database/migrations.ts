import { runner } from 'node-pg-migrate';
import type { ClientConfig } from 'pg';
import { migrationsFolder } from './migration-files';

/** A migration waits this long for a lock, then steps back so that nobody queues behind it, and tries again. */
const LOCK_TIMEOUT_MS = 4000;
const STATEMENT_TIMEOUT_MS = 60_000;
const TRIES = 5;

/**
 * Brings the database up to this build, or `count` steps down, as the owner. Each migration is a transaction of its own;
 * of two processes that start at once, one waits for the other. Answers the names of what was done.
 */
export async function migrate(owner: ClientConfig, direction: 'up' | 'down' = 'up', count?: number): Promise<string[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const done = await runner({
        databaseUrl: {
          ...owner,
          options: `-c lock_timeout=${LOCK_TIMEOUT_MS} -c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
        },
        dir: migrationsFolder,
        migrationsTable: 'pgmigrations',
        direction,
        count: count ?? (direction === 'up' ? Infinity : 1),
        singleTransaction: false,
        advisoryLockMode: 'wait',
        log: () => undefined,
      });
      return done.map((migration) => migration.name);
    } catch (error) {
      const lockTimeout = error instanceof Error && 'code' in error && error.code === '55P03';
      if (!lockTimeout || attempt >= TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
    }
  }
}

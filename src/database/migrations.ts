import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { runner } from 'node-pg-migrate';
import type { ClientConfig } from 'pg';

/** Where the numbered SQL files lie: beside the compiled program and beside its sources alike. */
export const migrationsFolder = path.resolve(__dirname, '../../migrations');

/** A migration waits this long for a lock, then steps back so that nobody queues behind it, and tries again. */
const LOCK_TIMEOUT_MS = 4000;
const STATEMENT_TIMEOUT_MS = 60_000;
const TRIES = 5;

/** The names of all migrations of this build, in order, as `pgmigrations` records them. */
export async function migrationNames(): Promise<string[]> {
  const files = await readdir(migrationsFolder);
  return files
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => path.basename(file, '.sql'));
}

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

import { describeFailure } from '../database/failures';
import type { DatabaseSession } from '../database/session';
import { statement } from '../database/statement';
import { LeaseLost } from '../jobs/lease-lost';
import { Interrupted } from './sweep';

const start = statement(
  'retention_runs.start',
  'INSERT INTO retention_runs (policy, token) VALUES ($1, $2::bigint) RETURNING id',
);
const end = statement(
  'retention_runs.end',
  'UPDATE retention_runs SET finished_at = clock_timestamp(), deleted = $2, error = $3 WHERE id = $1',
);
const successes = statement(
  'retention_runs.successes',
  `SELECT policy, extract(epoch FROM max(finished_at))::float8 AS at FROM retention_runs
   WHERE finished_at IS NOT NULL AND error IS NULL GROUP BY policy`,
);

/** The record of what ran, for people and for a process that has just started. */
export async function runStarted(session: DatabaseSession, policy: string, token: string): Promise<unknown> {
  const { rows } = await session.send(start, [policy, token]);
  return rows[0]?.['id'];
}

export async function runEnded(session: DatabaseSession, id: unknown, deleted: number, error?: string): Promise<void> {
  await session.send(end, [id, deleted, error ?? null]);
}

/** When each policy last ran to its end, in seconds since 1970. */
export async function lastSuccesses(session: DatabaseSession): Promise<ReadonlyMap<string, number>> {
  const { rows } = await session.send(successes);
  return new Map(rows.map((row) => [String(row['policy']), Number(row['at'])]));
}

/** What may be written down of a failure: the driver's own text may quote the values of a row. */
export function reasonOf(error: unknown): string {
  if (error instanceof LeaseLost || error instanceof Interrupted) return error.message;
  return describeFailure(error);
}

import { setTimeout as pause } from 'node:timers/promises';
import type { DatabaseSession } from '../database/session';
import { statement } from '../database/statement';
import type { Lease } from './lease';
import type { RetentionPolicy } from './policies';

interface SweepOptions {
  readonly batchSize: number;
  /** Between two batches, so that requests, replication and autovacuum keep up. */
  readonly pauseMs: number;
  readonly leaseMs: number;
  readonly onBatch: (count: number) => void;
  /** Asked between batches: the server is going down. */
  readonly stopping: () => boolean;
}

const begin = statement('retention.begin', 'BEGIN');
const commit = statement('retention.commit', 'COMMIT');
const rollback = statement('retention.rollback', 'ROLLBACK');
// Requests come first: a sweep gives up on a lock sooner than a request would, and its statements end well before its lease.
// Sequential scans are off because a batch of a large table must come by its index, whatever the statistics say tonight.
const limits = statement(
  'retention.limits',
  `SELECT set_config('lock_timeout', '500', true), set_config('statement_timeout', $1, true),
     set_config('idle_in_transaction_session_timeout', $1, true), set_config('enable_seqscan', 'off', true)`,
);

/** The server went down in between; the next run goes on where this one stopped. */
export class Interrupted extends Error {
  constructor() {
    super('Interrupted by the shutdown of the server');
    this.name = 'Interrupted';
  }
}

/** Runs one policy to its end, each batch in a transaction of its own under the lease. Rows that somebody holds are left to the next night. */
export async function sweep(
  session: DatabaseSession,
  lease: Lease,
  policy: RetentionPolicy,
  bound: string,
  options: SweepOptions,
): Promise<void> {
  for (;;) {
    if (options.stopping()) throw new Interrupted();
    const count = await batch(session, lease, policy, bound, options);
    options.onBatch(count);
    if (!policy.batched || count < options.batchSize) return;
    await pause(options.pauseMs);
  }
}

async function batch(
  session: DatabaseSession,
  lease: Lease,
  policy: RetentionPolicy,
  bound: string,
  { batchSize, leaseMs }: SweepOptions,
): Promise<number> {
  try {
    await Promise.all([session.send(begin), session.send(limits, [String(Math.floor(leaseMs / 3))])]);
    await lease.renew(session);
    const { rows } = await session.send(policy.statement, policy.batched ? [bound, batchSize] : [bound]);
    const { command } = await session.send(commit);
    if (command !== 'COMMIT') throw new Error('The batch was rolled back by PostgreSQL');
    return Number(rows[0]?.['n'] ?? 0);
  } catch (error) {
    if (session.usable) await session.send(rollback).catch(() => undefined);
    throw error;
  }
}

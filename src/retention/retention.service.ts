import { hostname } from 'node:os';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter, Gauge } from 'prom-client';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { DatabaseSession } from '../database/session';
import { RETENTION_CONNECTION } from '../database/tokens';
import { type Worker, Workers } from '../database/workers';
import { DatabaseMetrics } from '../metrics/instruments/database-metrics';
import { LeaseLost } from '../jobs/lease-lost';
import { Lease } from './lease';
import { type RetentionPolicy, retentionPolicies } from './policies';
import { lastSuccesses, reasonOf, runEnded, runStarted } from './retention-runs';
import { Interrupted, sweep } from './sweep';

type Connection = Parameters<typeof DatabaseSession.open>[0];

/** What became of one policy in one run. */
export interface RetentionReport {
  readonly policy: string;
  readonly deleted: number;
  readonly error?: string;
}

const NEXT = 'in the next night, or by `rollcall retention`';
const RETENTION_JOB = 'retention';
const lease = { leaseMs: 30_000, closedMs: 600_000 };
const batches = { batchSize: 1000, pauseMs: 100 };

/**
 * Deletes what has expired, as a login of its own: the runtime role may not delete any of it. On one process at a time,
 * under a lease. Nothing that goes wrong here reaches a request: it is logged, counted and written to retention_runs.
 */
@Injectable()
export class RetentionService implements BeforeApplicationShutdown {
  private readonly log = new Logger('Retention');
  private readonly worker: Worker;
  private readonly holder = `${hostname()}/${process.pid}`;
  private stopping = false;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(RETENTION_CONNECTION) private readonly connection: Connection | undefined,
    @Inject(CONFIG) private readonly config: Config,
    workers: Workers,
    private readonly metrics: DatabaseMetrics,
    @InjectMetric('retention_runs_total') private readonly runs: Counter<'policy' | 'result'>,
    @InjectMetric('retention_deleted_rows_total') private readonly deleted: Counter<'policy'>,
    @InjectMetric('retention_last_success_timestamp_seconds') private readonly lastSuccess: Gauge<'policy'>,
    @InjectMetric('idempotency_errors_total') private readonly keyErrors: Counter<'op'>,
  ) {
    this.worker = workers.named('retention', this.log);
    runs.inc({ policy: 'all', result: 'failure' }, 0);
    for (const { name: policy } of retentionPolicies)
      for (const result of ['success', 'failure']) runs.inc({ policy, result }, 0);
    keyErrors.inc({ op: 'cleanup' }, 0);
    if (!connection) this.log.warn('Nothing is deleted by this process: DATABASE_RETENTION_URL is not set');
  }

  get enabled(): boolean {
    return this.connection !== undefined && this.config.RETENTION;
  }

  /** As the schedule asks: at most once for each tick, whatever the number of processes. Never throws. */
  async runScheduled(asOf = new Date()): Promise<void> {
    if (!this.enabled) return;
    try {
      const reports = await this.run(asOf, false);
      if (reports?.every(({ error }) => error === undefined)) this.worker.succeeded();
      await this.refreshLastSuccess();
    } catch (error) {
      this.runFailed(error);
    }
  }

  /** As an operator asks: at once, unless it is running somewhere; then undefined. Throws when the database is away. */
  async runNow(asOf = new Date()): Promise<readonly RetentionReport[] | undefined> {
    if (!this.connection) throw new Error('Retention has no connection of its own: set DATABASE_RETENTION_URL');
    return this.run(asOf, true);
  }

  /** What runNow() would delete, policy by policy; changes nothing. Throws when the database is away. */
  preview(asOf = new Date()): Promise<readonly RetentionReport[]> {
    return this.connected(async (session) => {
      const reports: RetentionReport[] = [];
      for (const policy of retentionPolicies) {
        const bound = policy.bound(asOf, this.config);
        if (!policy.count || bound === undefined) continue;
        const { rows } = await session.send(policy.count, [bound]);
        reports.push({ policy: policy.name, deleted: Number(rows[0]?.['n'] ?? 0) });
      }
      return reports;
    });
  }

  /** Shows what other processes and earlier lives of this one have done; answers the oldest of these times, in seconds. */
  async refreshLastSuccess(): Promise<number> {
    const times = await this.connected(lastSuccesses);
    // A policy that was switched off would look overdue for ever.
    const active = retentionPolicies.filter((policy) => policy.bound(new Date(), this.config) !== undefined);
    for (const { name: policy } of active) {
      const at = times.get(policy);
      if (at !== undefined) this.lastSuccess.set({ policy }, at);
    }
    return Math.min(...active.map(({ name }) => times.get(name) ?? 0));
  }

  /** Lets the batch in hand end; the rest waits for the next night. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.running.catch(() => undefined);
  }

  private run(asOf: Date, anew: boolean): Promise<readonly RetentionReport[] | undefined> {
    const run = this.connected(async (session) => {
      const held = await Lease.claim(session, { job: RETENTION_JOB, holder: this.holder, ...lease }, anew);
      if (!held) return undefined;
      const reports: RetentionReport[] = [];
      for (const policy of retentionPolicies) {
        const bound = policy.bound(asOf, this.config);
        if (bound !== undefined && !this.stopping) reports.push(await this.apply(session, held, policy, bound));
      }
      await held.finish(session);
      return reports;
    });
    this.running = run;
    return run;
  }

  private async apply(
    session: DatabaseSession,
    held: Lease,
    policy: RetentionPolicy,
    bound: string,
  ): Promise<RetentionReport> {
    const started = performance.now();
    const id = await runStarted(session, policy.name, held.token);
    let deleted = 0;
    const onBatch = (count: number) => {
      deleted += count;
      if (policy.batched) this.deleted.inc({ policy: policy.name }, count);
    };
    try {
      await sweep(session, held, policy, bound, { ...batches, ...lease, onBatch, stopping: () => this.stopping });
      await runEnded(session, id, deleted);
      this.runs.inc({ policy: policy.name, result: 'success' });
      this.lastSuccess.set({ policy: policy.name }, Date.now() / 1000);
      const ms = Math.round(performance.now() - started);
      this.log.log(`${policy.title} completed: ${deleted} ${policy.batched ? 'rows deleted' : 'made'} in ${ms} ms`);
      return { policy: policy.name, deleted };
    } catch (error) {
      const reason = reasonOf(error);
      if (error instanceof Interrupted) this.log.log(`${policy.title}: ${reason}`);
      else this.policyFailed(policy, error);
      await runEnded(session, id, deleted, reason).catch(() => undefined);
      // Without a lease or a connection there is no point in trying the next policy.
      if (error instanceof LeaseLost || !session.usable) throw error;
      return { policy: policy.name, deleted, error: reason };
    }
  }

  private policyFailed(policy: RetentionPolicy, error: unknown): void {
    this.runs.inc({ policy: policy.name, result: 'failure' });
    if (policy.name === 'idempotency_keys') this.keyErrors.inc({ op: 'cleanup' });
    this.worker.failedAt(`${policy.title} failed`, error, NEXT, 'error');
  }

  /** A run that did not get as far as a policy, or was cut off between two. */
  private runFailed(error: unknown): void {
    this.runs.inc({ policy: 'all', result: 'failure' });
    this.worker.failedAt('Retention ended early', error, NEXT, 'error');
  }

  /** A connection for as long as the work takes: one run a day does not earn a permanent one. */
  private async connected<T>(work: (session: DatabaseSession) => Promise<T>): Promise<T> {
    if (!this.connection) throw new Error('Retention has no connection');
    const session = await DatabaseSession.open(this.connection, this.metrics, { silenceMs: lease.leaseMs });
    try {
      return await work(session);
    } finally {
      session.close();
    }
  }
}

import { hostname } from 'node:os';
import type { Ledger } from '../audit/ledger/ledger';
import { describeFailure } from '../database/failures';
import { acrossTenants, type Statement, statement } from '../database/statement';
import type { Transaction } from '../database/transaction';
import type { UnitOfWork } from '../database/unit-of-work';
import type { Worker } from '../database/workers';
import { Problem } from '../http/problems/problem';
import { PLATFORM_TENANT } from '../tenancy/platform-tenant';
import { LeaseLost } from './lease-lost';
import { WorkLoop } from './work-loop';

/** A job that this process holds. A write that names its token is refused once another process has claimed the job. */
export interface LeasedJob {
  readonly tenantId: string;
  readonly id: string;
  readonly token: string;
  /** The process is to stop: the next one goes on. */
  readonly stop: AbortSignal;
}

/** Where the jobs of one kind wait. */
interface JobQueue {
  /** Claims the job that has waited longest, of any tenant, for `$1` milliseconds. Answers tenant_id, id and token. */
  readonly claim: Statement;
  readonly renew: Statement;
  /** After a kill, a job waits this long for another process. While its holder lives, the lease is renewed. */
  readonly leaseMs: number;
}

/** The queue in `table`: `claim` claims a job, as said of JobQueue. */
export function jobQueue(name: string, table: string, claim: string, leaseMs = 15_000): JobQueue {
  const renew = `UPDATE ${table} SET lease_until = now() + make_interval(secs => $4::float8 / 1000)
   WHERE tenant_id = $1 AND id = $2 AND token = $3 AND lease_until IS NOT NULL`;
  return { claim: acrossTenants(`${name}.claim`, claim), renew: statement(`${name}.renew_lease`, renew), leaseMs };
}

interface Claimed extends Record<string, unknown> {
  tenant_id: string;
  id: string;
  token: string;
}

/**
 * Claims long jobs, one at a time in a process, and keeps the lease of each alive while it runs. A killed process leaves its job to
 * whoever finds the lease run out. A job that cannot succeed fails, with the reason; one that met a passing fault is tried again.
 */
export abstract class LeasedWorker extends WorkLoop {
  protected constructor(
    protected readonly work: UnitOfWork,
    private readonly queue: JobQueue,
    worker: Worker,
    isOn: boolean,
  ) {
    super(worker, { isOn });
  }

  /** Works until there is nothing left; for tests and the operator. Answers how many jobs it ended. */
  async drain(): Promise<number> {
    let done = 0;
    while (await this.next()) done += 1;
    return done;
  }

  /** Works on a job to its end. Throws a Problem below 500 when the job cannot succeed, LeaseLost when it is no longer ours. */
  protected abstract perform(job: LeasedJob): Promise<void>;

  /** Ends a job that cannot succeed, if it is still ours. */
  protected abstract fail(tx: Transaction, job: LeasedJob, reason: string): Promise<void>;

  /** Claims a job and works on it to its end; false when there is none. */
  protected async next(): Promise<boolean> {
    const claimed = await this.work.write(PLATFORM_TENANT, (tx) =>
      tx.row<Claimed>(this.queue.claim, [this.queue.leaseMs]),
    );
    if (!claimed) return false;
    const { tenant_id: tenantId, id, token } = claimed;
    const job = { tenantId, id, token, stop: this.stopping };
    const heartbeat = setInterval(() => void this.renew(job), this.queue.leaseMs / 3);
    try {
      await this.perform(job);
    } catch (error) {
      if (this.stopping.aborted) return false;
      if (!(error instanceof LeaseLost)) await this.failed(job, error);
    } finally {
      clearInterval(heartbeat);
    }
    return true;
  }

  private async renew({ tenantId, id, token }: LeasedJob): Promise<void> {
    const { renew, leaseMs } = this.queue;
    await this.work.write(tenantId, (tx) => tx.run(renew, [tenantId, id, token, leaseMs])).catch(() => undefined);
  }

  private async failed(job: LeasedJob, error: unknown): Promise<void> {
    const isFinal = error instanceof Problem && error.status < 500;
    const next = isFinal
      ? 'it is not tried again'
      : `next try when its lease has run out, in ${this.queue.leaseMs / 1000} s`;
    this.worker.log.warn(`${this.worker.name}: job ${job.id} failed: ${describeFailure(error)}; ${next}`);
    if (isFinal) await this.work.write(job.tenantId, (tx) => this.fail(tx, job, error.detail));
  }
}

/** Evidence of what became of a job, in the name of whoever asked for it. Sent, not awaited. */
export function auditJob(
  ledger: Ledger,
  tx: Transaction,
  { worker, entity }: { readonly worker: string; readonly entity: 'export' | 'import_batch' },
  job: { readonly id: string; readonly created_by: string },
  after: Record<string, unknown>,
): void {
  const by = { tenantId: tx.tenantId, userId: job.created_by, requestId: `${worker}@${hostname()}`, ip: '127.0.0.1' };
  ledger
    .append(tx, [{ ...by, entries: [{ entity, action: 'update', entityId: job.id, after }] }])
    .catch(() => undefined);
}

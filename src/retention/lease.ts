import type { DatabaseSession } from '../database/session';
import { statement } from '../database/statement';
import { LeaseLost } from '../jobs/lease-lost';

export interface LeaseOptions {
  readonly job: string;
  /** Who holds it, for people who look at the table. */
  readonly holder: string;
  /** A holder that shows no sign of life for this long is replaced. */
  readonly leaseMs: number;
  /**
   * A finished job stays closed to schedules until this long after it was claimed. Replicas fire at the same second by
   * clocks that differ; without it the last of them would find the lease free again and run once more.
   */
  readonly closedMs: number;
}

// All times by the database clock: replicas need not agree on theirs. An empty holder marks a finished job.
const claim = statement(
  'lease.claim',
  `INSERT INTO job_leases (job, holder, token, expires_at)
     VALUES ($1, $2, 1, clock_timestamp() + make_interval(secs => $3::float8 / 1000))
   ON CONFLICT (job) DO UPDATE SET holder = excluded.holder, token = job_leases.token + 1, expires_at = excluded.expires_at
     WHERE job_leases.expires_at <= clock_timestamp() OR ($4::boolean AND job_leases.holder = '')
   RETURNING token::text AS token, clock_timestamp() AS claimed_at`,
);
const renew = statement(
  'lease.renew',
  `UPDATE job_leases SET expires_at = clock_timestamp() + make_interval(secs => $3::float8 / 1000)
   WHERE job = $1 AND token = $2::bigint AND holder <> ''`,
);
const finish = statement(
  'lease.finish',
  `UPDATE job_leases SET holder = '',
     expires_at = greatest(clock_timestamp(), $3::timestamptz + make_interval(secs => $4::float8 / 1000))
   WHERE job = $1 AND token = $2::bigint`,
);

/**
 * The right to run a job, on one process at a time. Its fencing token only grows, and every write of the job renews the
 * lease by that token in the same transaction: the renewal is heartbeat and fence in one. It locks the row, so nobody can
 * take over between the check and the commit; and a process that slept through its lease (stopped, swapped out, cut off)
 * finds its token outdated and writes nothing.
 */
export class Lease {
  private constructor(
    private readonly options: LeaseOptions,
    readonly token: string,
    private readonly claimedAt: unknown,
  ) {}

  /** The lease, or undefined while another process holds it. `anew` also takes a job that has just been finished. */
  static async claim(session: DatabaseSession, options: LeaseOptions, anew = false): Promise<Lease | undefined> {
    const { job, holder, leaseMs } = options;
    const { rows } = await session.send(claim, [job, holder, leaseMs, anew]);
    const [row] = rows;
    return row ? new Lease(options, String(row['token']), row['claimed_at']) : undefined;
  }

  /** Inside the transaction of a write: extends the lease, or throws LeaseLost and the write must not be committed. */
  async renew(session: DatabaseSession): Promise<void> {
    const { job, leaseMs } = this.options;
    const { rowCount } = await session.send(renew, [job, this.token, leaseMs]);
    if (rowCount === 0) throw new LeaseLost(job);
  }

  /** Done: nobody need wait for the lease to run out. */
  async finish(session: DatabaseSession): Promise<void> {
    const { job, closedMs } = this.options;
    await session.send(finish, [job, this.token, this.claimedAt, closedMs]);
  }
}

import type { ClientConfig } from 'pg';
import { Problem } from '../http/problem';
import type { Metrics } from '../metrics/metrics';
import { Session } from './session';

export interface PoolOptions {
  readonly client: ClientConfig;
  readonly max: number;
  /** Longest wait for a connection, in milliseconds; then 503 with Retry-After. */
  readonly acquireTimeoutMs: number;
}

interface Waiter {
  resolve(session: Session): void;
  reject(error: Error): void;
}

/**
 * A bounded pool of pipelined connections. Our own, because the driver's pool hands out clients without pipeline mode
 * knowing about it and cannot bound the wait separately from connecting. First come, first served; a connection that broke
 * is replaced by whoever waits next.
 */
export class Pool {
  private readonly free: Session[] = [];
  private readonly waiting: Waiter[] = [];
  private readonly open = new Set<Session>();
  private opening = 0;
  private closed = false;

  constructor(
    private readonly options: PoolOptions,
    private readonly metrics: Metrics,
  ) {
    metrics.poolConnections.set({ state: 'max' }, options.max);
  }

  /** A connection of one's own until release(). 503 when none comes free in time or PostgreSQL is away. */
  async acquire(): Promise<Session> {
    const session = this.takeFree();
    if (session) return session;
    return new Promise<Session>((resolve, reject) => {
      const waiter: Waiter = {
        resolve: (given) => {
          clearTimeout(timer);
          resolve(given);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      const timer = setTimeout(() => {
        this.forget(waiter);
        this.metrics.poolTimeouts.inc();
        reject(unavailable('No database connection came free in time.'));
      }, this.options.acquireTimeoutMs);
      this.waiting.push(waiter);
      this.growFor(waiter);
      this.observe();
    });
  }

  release(session: Session): void {
    if (!session.usable || !session.idle || this.closed) {
      if (session.usable) session.close();
      this.open.delete(session);
      const next = this.waiting[0];
      if (next) this.growFor(next);
    } else {
      const next = this.waiting.shift();
      if (next) next.resolve(session);
      else this.free.push(session);
    }
    this.observe();
  }

  /** Ends all connections. Those in use end when they are released. */
  close(): void {
    this.closed = true;
    for (const waiter of this.waiting.splice(0)) waiter.reject(unavailable('The server is shutting down.'));
    for (const session of this.free.splice(0)) {
      this.open.delete(session);
      session.close();
    }
  }

  private takeFree(): Session | undefined {
    if (this.closed) throw unavailable('The server is shutting down.');
    for (let session = this.free.pop(); session; session = this.free.pop()) {
      if (session.usable) {
        this.observe();
        return session;
      }
    }
    return undefined;
  }

  private growFor(waiter: Waiter): void {
    if (this.open.size + this.opening >= this.options.max) return;
    this.opening++;
    Session.open(this.options.client, this.metrics, (session) => {
      this.lost(session);
    }).then(
      (session) => {
        this.opening--;
        this.open.add(session);
        this.release(session);
      },
      (error: unknown) => {
        this.opening--;
        // Everybody who waits would get the same answer: say so now instead of at the end of their wait.
        if (this.waiting.includes(waiter)) {
          this.forget(waiter);
          waiter.reject(unavailable('The database cannot be reached.', error));
        }
        const next = this.waiting[0];
        if (next) this.growFor(next);
        this.observe();
      },
    );
  }

  private lost(session: Session): void {
    this.open.delete(session);
    const index = this.free.indexOf(session);
    if (index >= 0) this.free.splice(index, 1);
    this.observe();
  }

  private forget(waiter: Waiter): void {
    const index = this.waiting.indexOf(waiter);
    if (index >= 0) this.waiting.splice(index, 1);
  }

  private observe(): void {
    this.metrics.poolConnections.set({ state: 'used' }, this.open.size - this.free.length);
    this.metrics.poolConnections.set({ state: 'free' }, this.free.length);
    this.metrics.poolWaiting.set(this.waiting.length);
  }
}

function unavailable(detail: string, cause?: unknown): Problem {
  return new Problem('database_unavailable', detail, { headers: { 'Retry-After': '1' }, cause });
}

import type { ClientConfig } from 'pg';
import { Problem } from '../http/problems/problem';
import type { DatabaseMetrics } from '../metrics/instruments/database-metrics';
import { DatabaseSession } from './session';

interface PoolOptions {
  readonly client: ClientConfig;
  readonly max: number;
  /** Longest wait for a connection, in milliseconds; then 503 with Retry-After. */
  readonly acquireTimeoutMs: number;
  /** A connection that owes an answer for longer, in milliseconds, is ended. */
  readonly silenceMs: number;
  /** A connection that is older, in milliseconds, is replaced when nobody uses it. */
  readonly maxAgeMs: number;
}

interface Waiter {
  resolve(session: DatabaseSession): void;
  reject(error: Error): void;
}

/**
 * A bounded pool of pipelined connections. Our own, because the driver's pool hands out clients without pipeline mode
 * knowing about it and cannot bound the wait separately from connecting. First come, first served; a connection that broke
 * is replaced by whoever waits next.
 */
export class Pool {
  private readonly free: DatabaseSession[] = [];
  private readonly waiting: Waiter[] = [];
  private readonly open = new Set<DatabaseSession>();
  private opening = 0;
  private closed = false;
  private readonly renewal: NodeJS.Timeout;

  constructor(
    private readonly options: PoolOptions,
    private readonly metrics: DatabaseMetrics,
  ) {
    metrics.connections.set({ state: 'max' }, options.max);
    this.renewal = setInterval(() => {
      this.discard((session) => this.isOld(session));
    }, options.maxAgeMs / 10).unref();
  }

  /** How many connections are open, how many of them nobody uses, and how long ago the last of them heard from PostgreSQL (milliseconds). */
  state(): { readonly open: number; readonly free: number; readonly quietMs: number } {
    const now = performance.now();
    let quietMs = Infinity;
    for (const session of this.open) quietMs = Math.min(quietMs, session.quietFor(now));
    return { open: this.open.size, free: this.free.length, quietMs };
  }

  /** A connection of one's own until release(). 503 when none comes free in time or PostgreSQL is away. */
  async acquire(): Promise<DatabaseSession> {
    const session = this.takeFree();
    if (session) return session;
    return new Promise<DatabaseSession>((resolve, reject) => {
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
        this.metrics.timeouts.inc();
        reject(unavailable('No database connection came free in time.'));
      }, this.options.acquireTimeoutMs);
      this.waiting.push(waiter);
      this.growFor(waiter);
      this.observe();
    });
  }

  release(session: DatabaseSession): void {
    if (!session.usable || !session.idle || this.closed || this.isOld(session)) {
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
    clearInterval(this.renewal);
    for (const waiter of this.waiting.splice(0)) waiter.reject(unavailable('The server is shutting down.'));
    this.discard(() => true);
  }

  /** Ends those connections that nobody uses and that `which` names. */
  discard(which: (session: DatabaseSession) => boolean): void {
    for (const session of this.free.filter(which)) {
      this.lost(session);
      session.close();
    }
  }

  private isOld(session: DatabaseSession): boolean {
    return performance.now() - session.openedAt > this.options.maxAgeMs;
  }

  private takeFree(): DatabaseSession | undefined {
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
    const { client, silenceMs } = this.options;
    const onEnd = (session: DatabaseSession) => {
      this.lost(session);
      // What has silenced one connection has silenced those beside it: better to open new ones than to try each of them in turn.
      if (session.wasSilent) this.discard(() => true);
    };
    DatabaseSession.open(client, this.metrics, { silenceMs, onEnd }).then(
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

  private lost(session: DatabaseSession): void {
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
    this.metrics.connections.set({ state: 'used' }, this.open.size - this.free.length);
    this.metrics.connections.set({ state: 'free' }, this.free.length);
    this.metrics.waiting.set(this.waiting.length);
  }
}

function unavailable(detail: string, cause?: unknown): Problem {
  return new Problem('database_unavailable', detail, { headers: { 'Retry-After': '1' }, cause });
}

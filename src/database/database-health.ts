import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Gauge } from 'prom-client';
import type { ClientConfig } from 'pg';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { DatabaseMetrics } from '../metrics/instruments/database-metrics';
import { Pool } from './pool';
import { DatabaseSession } from './session';
import { statement } from './statement';
import { MIGRATIONS, RUNTIME_CONNECTION } from './tokens';

const ping = statement('health.ping', 'SELECT 1');
// A name that no other process has prepared on a connection that a pooler hands round.
const lasting = statement(`health.lasting_${randomBytes(6).toString('hex')}`, 'SELECT 1');
const hold = statement('health.hold', 'BEGIN');
const release = statement('health.release', 'ROLLBACK');
const applied = statement('health.migrations', 'SELECT name FROM migrations');

const UNKNOWN_STATEMENT = '26000';
const HOLD_MS = 100;
/** Nothing here takes longer than an instant, unless nobody is there. */
const SILENCE_MS = 3000;
/** A connection of the pool that has said something within this answers. */
const LATELY_MS = 3000;

export interface DatabaseState {
  readonly latencyMs: number;
  /** Migrations that this build knows and the database does not have. */
  readonly missingMigrations: number;
}

/**
 * Asks PostgreSQL whether it answers, over one connection of its own: readiness must not wait behind the requests that are
 * using up the pool, or a busy server would be taken for a dead one. Then it looks at the connections that requests use: a
 * network may have forgotten those while new ones pass.
 */
@Injectable()
export class DatabaseHealth implements OnApplicationShutdown {
  private session: Promise<DatabaseSession> | undefined;
  /** Once everything has been applied it stays so for this process: migrations are not taken back under a running server. */
  private migrated = false;

  constructor(
    @Inject(RUNTIME_CONNECTION) private readonly client: ClientConfig,
    @Inject(MIGRATIONS) private readonly known: readonly string[],
    @InjectMetric('rollcall_database_up') private readonly up: Gauge,
    private readonly metrics: DatabaseMetrics,
    private readonly pool: Pool,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Throws when there is no answer within `timeoutMs`. The reason is for the log: it may name hosts and logins. */
  async state(timeoutMs: number): Promise<DatabaseState> {
    const started = performance.now();
    try {
      const missingMigrations = await within(timeoutMs, this.ask());
      await this.assertPoolAnswers(timeoutMs);
      this.up.set(1);
      return { latencyMs: Math.round((performance.now() - started) * 100) / 100, missingMigrations };
    } catch (error) {
      this.up.set(0);
      this.hangUp();
      throw error;
    }
  }

  onApplicationShutdown(): void {
    this.hangUp();
  }

  private async ask(): Promise<number> {
    this.session ??= DatabaseSession.open(this.client, this.metrics, {
      silenceMs: SILENCE_MS,
      onEnd: () => {
        this.session = undefined;
      },
    });
    const session = await this.session;
    if (this.migrated) {
      await session.send(ping);
      return 0;
    }
    const names = new Set((await session.send(applied)).rows.map((row) => row.name));
    const missing = this.known.filter((name) => !names.has(name)).length;
    if (missing === 0) await this.assertStatementsLast(session);
    this.migrated = missing === 0;
    return missing;
  }

  /**
   * Once for each process: a statement prepared by name must be known in the next transaction too, where a pooler may give us
   * another connection to PostgreSQL. A second client holds the first one meanwhile, so that it has to.
   */
  private async assertStatementsLast(session: DatabaseSession): Promise<void> {
    await session.send(lasting);
    const other = await DatabaseSession.open(this.client, this.metrics, { silenceMs: SILENCE_MS });
    try {
      await other.send(hold);
      // A pooler with a single connection makes us wait; that proves nothing and is no fault.
      await within(HOLD_MS, session.send(lasting));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === UNKNOWN_STATEMENT)
        throw new Error('the pooler loses prepared statements: set its max_prepared_statements', { cause: error });
    } finally {
      await other.send(release).catch(() => undefined);
      other.close();
    }
  }

  /**
   * Whether requests get answers. A connection that nobody uses is asked, and where it stays silent all like it are replaced. While every
   * one is in use, silence counts from where PostgreSQL itself would have refused: one slow statement is legal until its
   * time-out, and several at once are more likely to wait for a lock.
   */
  private async assertPoolAnswers(timeoutMs: number): Promise<void> {
    const { open, free, quietMs } = this.pool.state();
    if (open === 0 || quietMs < LATELY_MS) return;
    if (free > 0) {
      await this.askOverPool(timeoutMs);
      return;
    }
    const { DATABASE_LOCK_TIMEOUT_MS, DATABASE_STATEMENT_TIMEOUT_MS } = this.config;
    const legalMs = open === 1 ? DATABASE_STATEMENT_TIMEOUT_MS : DATABASE_LOCK_TIMEOUT_MS;
    if (quietMs > Math.max(LATELY_MS, legalMs + timeoutMs))
      throw new Error(`none of ${open} connections of the pool has answered for ${Math.round(quietMs)} ms`);
  }

  private async askOverPool(timeoutMs: number): Promise<void> {
    const session = await this.pool.acquire();
    try {
      await within(timeoutMs, session.send(ping));
    } catch (error) {
      session.close();
      this.pool.discard(() => true);
      throw error;
    } finally {
      this.pool.release(session);
    }
  }

  /** A connection that did not answer in time may be half dead: the next question opens another one. */
  private hangUp(): void {
    void this.session?.then(
      (session) => {
        session.close();
      },
      () => undefined,
    );
    this.session = undefined;
  }
}

async function within<T>(timeoutMs: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${timeoutMs} ms`));
    }, timeoutMs);
  });
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { Problem } from '../http/problems/problem';
import { Pool } from './pool';
import type { DatabaseSession } from './session';
import { statement } from './statement';
import { Transaction } from './transaction';
import { asProblem } from './failures';
import { TenantScope } from './tenant-scope';

const begin = statement('tx.begin', 'BEGIN');
const beginReadOnly = statement('tx.begin_read_only', 'BEGIN READ ONLY');
const beginSnapshot = statement('tx.begin_snapshot', 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
const commit = statement('tx.commit', 'COMMIT');
const rollback = statement('tx.rollback', 'ROLLBACK');
const savepoint = statement('tx.savepoint', 'SAVEPOINT before_handler');
const rollbackToSavepoint = statement('tx.rollback_to', 'ROLLBACK TO SAVEPOINT before_handler');

// Transaction-local (third argument true): nothing of a tenant stays on a connection that a pooler hands to the next one.
const limits = `set_config('lock_timeout', $2, true), set_config('statement_timeout', $3, true),
  set_config('idle_in_transaction_session_timeout', $4, true), set_config('client_connection_check_interval', '1000', true)`;
const enterTenant = statement('tx.enter_tenant', `SELECT set_config('app.tenant_id', $1, true), ${limits}`);
// The group writer's statements are lookups by key, driven row by row. The planner may choose nothing else, whatever its
// statistics say of a new tenant, an empty table or a bulk load a second ago: see docs/decisions/0002-group-commit.md.
export const enterGroup = statement(
  'tx.enter_group',
  `SELECT set_config('role', 'rollcall_writer', true), set_config('app.tenant_ids', $1, true), ${limits},
     set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
     set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
     set_config('enable_sort', 'off', true), set_config('enable_incremental_sort', 'off', true),
     set_config('plan_cache_mode', 'force_generic_plan', true), set_config('jit', 'off', true)`,
);

/** What a write that may be refused by the domain needs besides its statements. */
export interface SavepointTransaction {
  readonly tx: Transaction;
  /** Runs `work` behind a savepoint: a Problem below 500 undoes only what `work` did, and is returned instead of thrown. */
  attempt<T>(work: () => Promise<T>): Promise<T | Problem>;
}

/**
 * The unit of work: one transaction that belongs to one tenant, or to the tenants of one group commit. Nothing else in the
 * product can get a connection, so there is no way to forget the tenant, the time-outs or the release.
 */
@Injectable()
export class UnitOfWork implements OnApplicationShutdown {
  private readonly limits: readonly string[];
  private readonly flushes: (() => Promise<void>)[] = [];

  constructor(
    private readonly pool: Pool,
    @Inject(CONFIG) config: Config,
    @InjectDataSource() private readonly orm: DataSource,
    private readonly scope: TenantScope,
  ) {
    this.limits = [
      config.DATABASE_LOCK_TIMEOUT_MS,
      config.DATABASE_STATEMENT_TIMEOUT_MS,
      config.DATABASE_IDLE_TRANSACTION_TIMEOUT_MS,
    ].map(String);
  }

  /** Reads as one tenant, in one snapshot for each statement. */
  read<T>(tenantId: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.transact(beginReadOnly, [enterTenant, tenantId], [tenantId], work);
  }

  /**
   * Reads as one tenant from one snapshot, for as long as somebody takes what is read; whoever stops taking gives the connection back.
   * `stallMs` is the longest that they may take over one part: then PostgreSQL ends the transaction.
   */
  async *snapshot<T>(
    tenantId: string,
    stallMs: number,
    parts: (tx: Transaction) => AsyncIterable<T>,
  ): AsyncGenerator<T, void, undefined> {
    const session = await this.pool.acquire();
    try {
      const [lock = '', statementLimit = ''] = this.limits;
      const entered = [tenantId, lock, statementLimit, String(stallMs)];
      const opened = Promise.all([session.send(beginSnapshot), session.send(enterTenant, entered)]);
      opened.catch(() => undefined);
      yield* parts(new Transaction(session, [tenantId], this.orm, this.scope));
      await opened;
    } catch (error) {
      throw asProblem(error);
    } finally {
      await this.rollBack(session); // nothing was changed: there is nothing to commit
      this.pool.release(session);
    }
  }

  /** Changes as one tenant; all of it or nothing. */
  write<T>(tenantId: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.transact(begin, [enterTenant, tenantId], [tenantId], work);
  }

  /** As write(), with a savepoint between what must stay (the key, the audit entry) and what the domain may refuse. */
  writeWithSavepoint<T>(tenantId: string, work: (guarded: SavepointTransaction) => Promise<T>): Promise<T> {
    return this.transact(begin, [enterTenant, tenantId], [tenantId], (tx, session) =>
      work({
        tx,
        attempt: async (inner) => {
          const marked = session.send(savepoint);
          marked.catch(() => undefined); // awaited below, whatever `inner` does first
          try {
            const result = await inner();
            await Promise.all([marked, tx.flush()]);
            return result;
          } catch (error) {
            await marked;
            const problem = error instanceof Problem ? error : asProblem(error);
            if (problem.status >= 500) throw problem;
            tx.discardFailures();
            await session.send(rollbackToSavepoint);
            return problem;
          }
        },
      }),
    );
  }

  /** Commits for several tenants at once, as the writer role whose policies admit exactly these tenants. */
  group<T>(tenantIds: readonly string[], work: (tx: Transaction) => Promise<T>): Promise<T> {
    const [first = '', ...others] = tenantIds;
    return this.transact(begin, [enterGroup, `{${tenantIds.join(',')}}`], [first, ...others], work);
  }

  /** For those who write behind the answers: `flush` is awaited after the last request and before the connections go. */
  beforeClosing(flush: () => Promise<void>): void {
    this.flushes.push(flush);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.allSettled(this.flushes.map((flush) => flush()));
    this.pool.close();
  }

  private async transact<T>(
    start: typeof begin,
    [enter, who]: readonly [enter: typeof enterTenant, who: string],
    tenantIds: readonly [string, ...string[]],
    work: (tx: Transaction, session: DatabaseSession) => Promise<T>,
  ): Promise<T> {
    const session = await this.pool.acquire();
    try {
      // Not awaited: they share the first exchange with whatever `work` asks for first.
      const opened = Promise.all([session.send(start), session.send(enter, [who, ...this.limits])]);
      opened.catch(() => undefined);
      const tx = new Transaction(session, tenantIds, this.orm, this.scope);
      const result = await work(tx, session);
      const done = session.send(commit);
      done.catch(() => undefined);
      await opened;
      await tx.flush();
      // COMMIT of a transaction that failed answers ROLLBACK, without an error.
      if ((await done).command !== 'COMMIT') throw new Error('The transaction was rolled back by PostgreSQL');
      return result;
    } catch (error) {
      await this.rollBack(session);
      throw asProblem(error);
    } finally {
      this.pool.release(session);
    }
  }

  private async rollBack(session: DatabaseSession): Promise<void> {
    if (!session.usable) return;
    await session.send(rollback).catch(() => undefined);
  }
}

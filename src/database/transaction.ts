import type { DataSource, EntityManager, ObjectLiteral, Repository } from 'typeorm';
import { TransactionRunner } from './orm/transaction-runner';
import type { StatementResult, DatabaseRow, DatabaseSession } from './session';
import { type Statement, statement } from './statement';
import type { TenantScope } from './tenant-scope';

const forceIndexPlans = statement(
  'tx.force_index_plans',
  `SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true),
     set_config('jit', 'off', true)`,
);

/**
 * One open transaction of one tenant, or of one group of tenants. The only way to talk to the database.
 *
 * Statements are sent as soon as they are asked for and answered in order, so asking for several before awaiting the first
 * makes one exchange of them. A failed statement fails the transaction: whatever was sent behind it is refused by PostgreSQL.
 */
export class Transaction {
  private readonly unanswered = new Set<Promise<unknown>>();
  private manager: EntityManager | undefined;

  constructor(
    private readonly session: DatabaseSession,
    private tenantIds: readonly [string, ...string[]],
    private readonly orm: DataSource,
    private readonly scope: TenantScope,
  ) {}

  /** The tenant, or the first of a group. */
  get tenantId(): string {
    return this.tenantIds[0];
  }

  /**
   * An injected repository, bound to this transaction: the same connection, tenant and exchange as the statements beside it.
   * Unbound, every call of a repository is an error.
   */
  repository<E extends ObjectLiteral>(repository: Repository<E>): Repository<E> {
    return this.entities.withRepository(repository);
  }

  /** Lets rows of this tenant pass, too, which the transaction itself has just made: see inNewTenant(). */
  admit(tenantId: string): void {
    this.tenantIds = [...this.tenantIds, tenantId];
  }

  /** Runs a prepared statement and returns its rows. */
  rows<R extends object = DatabaseRow>(statement: Statement, values: readonly unknown[] = []): Promise<R[]> {
    return this.send(statement, values, ({ rows }) => rows as R[]);
  }

  /** The only row, or undefined. */
  row<R extends object = DatabaseRow>(statement: Statement, values: readonly unknown[] = []): Promise<R | undefined> {
    return this.send(statement, values, ({ rows }) => rows[0] as R | undefined);
  }

  /** The only row, of a statement that always has one: a locked row that is changed, a row that is inserted. */
  async one<R extends object = DatabaseRow>(statement: Statement, values: readonly unknown[] = []): Promise<R> {
    const row = await this.row<R>(statement, values);
    if (!row) throw new Error(`${statement.name} found no row`);
    return row;
  }

  /** Runs a statement for its effect; answers how many rows it touched. */
  run(statement: Statement, values: readonly unknown[] = []): Promise<number> {
    return this.send(statement, values, ({ rowCount }) => rowCount);
  }

  /**
   * For transactions whose statements are lookups by key, row by row: the planner must not read a whole table, whatever its
   * statistics say of one that was empty a minute ago. Sent with the first exchange.
   */
  forceIndexPlans(): void {
    this.run(forceIndexPlans).catch(() => undefined);
  }

  /** Waits for everything that was sent and not awaited; throws the first failure. */
  async flush(): Promise<void> {
    await Promise.all(this.unanswered);
  }

  /** Forgets failures that a rollback to a savepoint has undone. */
  discardFailures(): void {
    this.unanswered.clear();
  }

  /** Made when it is first asked for: the punch path never does. */
  private get entities(): EntityManager {
    return (this.manager ??= this.orm.createEntityManager(
      new TransactionRunner(this.orm, (statement, values) => this.send(statement, values, (answer) => answer)),
    ));
  }

  private send<T>(statement: Statement, values: readonly unknown[], read: (answer: StatementResult) => T): Promise<T> {
    const answer = this.session.send(statement, values).then((result) => {
      this.scope.assertOwn(statement, result.rows, this.tenantIds);
      return read(result);
    });
    this.unanswered.add(answer);
    // A failure nobody awaits yet must not end the process: flush() or the commit reports it. So it is the promise that is
    // handed out which has a handler from the start; whoever awaits it still gets the failure.
    answer.then(
      () => this.unanswered.delete(answer),
      () => undefined,
    );
    return answer;
  }
}

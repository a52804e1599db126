import type { Row, Session } from './session';
import type { Statement } from './statement';

/**
 * One open transaction of one tenant, or of one group of tenants. The only way to talk to the database.
 *
 * Statements are sent as soon as they are asked for and answered in order, so asking for several before awaiting the first
 * makes one exchange of them. A failed statement fails the transaction: whatever was sent behind it is refused by PostgreSQL.
 */
export class Transaction {
  private readonly unanswered = new Set<Promise<unknown>>();

  constructor(
    private readonly session: Session,
    /** The tenant, or the first of a group. */
    readonly tenantId: string,
  ) {}

  /** Runs a prepared statement and returns its rows. */
  async rows<R extends Row = Row>(statement: Statement, values: readonly unknown[] = []): Promise<R[]> {
    return (await this.send(statement, values)).rows as R[];
  }

  /** The only row, or undefined. */
  async row<R extends Row = Row>(statement: Statement, values: readonly unknown[] = []): Promise<R | undefined> {
    return (await this.rows<R>(statement, values))[0];
  }

  /** Runs a statement for its effect; answers how many rows it touched. */
  async run(statement: Statement, values: readonly unknown[] = []): Promise<number> {
    return (await this.send(statement, values)).rowCount;
  }

  /** Waits for everything that was sent and not awaited; throws the first failure. */
  async settled(): Promise<void> {
    await Promise.all(this.unanswered);
  }

  /** Forgets failures that a rollback to a savepoint has undone. */
  forgive(): void {
    this.unanswered.clear();
  }

  private send(statement: Statement, values: readonly unknown[]): Promise<{ rows: Row[]; rowCount: number }> {
    const answer = this.session.send(statement, values);
    this.unanswered.add(answer);
    // A failure nobody awaits yet must not end the process: settled() or the commit reports it.
    answer.then(
      () => this.unanswered.delete(answer),
      () => undefined,
    );
    return answer;
  }
}

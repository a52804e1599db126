import { Client, type ClientConfig } from 'pg';
import type { Metrics } from '../metrics/metrics';
import type { Statement } from './statement';

export type Row = Record<string, unknown>;
export interface Answer {
  readonly rows: Row[];
  readonly rowCount: number;
  readonly command: string;
}

interface Corkable {
  cork(): void;
  uncork(): void;
}

/**
 * One connection in pipeline mode. Statements asked for in the same turn of the event loop leave in one packet,
 * and their answers come back in one: that is an exchange.
 */
export class Session {
  private readonly client: Client;
  private outstanding = 0;
  private corked = false;
  private broken = false;
  readonly openedAt = Date.now();

  private constructor(
    config: ClientConfig,
    private readonly metrics: Metrics,
    private readonly onEnd: (session: Session) => void,
  ) {
    this.client = new Client({ ...config, pipeline: true });
  }

  /** Connects; throws the driver's error when the server cannot be reached or refuses us. */
  static async open(config: ClientConfig, metrics: Metrics, onEnd: (session: Session) => void): Promise<Session> {
    const session = new Session(config, metrics, onEnd);
    const lost = () => {
      session.broken = true;
      session.onEnd(session);
    };
    session.client.on('error', lost);
    session.client.on('end', lost);
    await session.client.connect();
    return session;
  }

  get usable(): boolean {
    return !this.broken;
  }

  get idle(): boolean {
    return this.outstanding === 0;
  }

  async send(statement: Statement, values: readonly unknown[] = []): Promise<Answer> {
    this.corkForThisTurn();
    if (this.outstanding++ === 0) this.metrics.databaseExchanges.inc();
    const started = performance.now();
    try {
      const result = await this.client.query<Row>({
        name: statement.name,
        text: statement.text,
        values: values as unknown[],
      });
      return { rows: result.rows, rowCount: result.rowCount ?? 0, command: result.command };
    } finally {
      this.outstanding--;
      this.metrics.databaseQueries.observe({ query_type: statement.kind }, (performance.now() - started) / 1000);
    }
  }

  /** Ends the connection, politely when nothing is outstanding, else at once. */
  close(): void {
    this.broken = true;
    if (this.outstanding > 0) this.stream().destroy();
    else void this.client.end().catch(() => undefined);
  }

  /** Holds the packet back until everything that this turn has to say is in it. */
  private corkForThisTurn(): void {
    if (this.corked) return;
    this.corked = true;
    const stream = this.stream();
    stream.cork();
    process.nextTick(() => {
      this.corked = false;
      stream.uncork();
    });
  }

  /** `pg` has kept this property since its first release; its type declarations do not mention it. */
  private stream(): Corkable & { destroy(): void } {
    return (this.client as unknown as { connection: { stream: Corkable & { destroy(): void } } }).connection.stream;
  }
}

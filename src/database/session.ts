import { Client, type ClientConfig } from 'pg';
import type { DatabaseMetrics } from '../metrics/instruments/database-metrics';
import type { Statement } from './statement';

export type DatabaseRow = Record<string, unknown>;
export interface StatementResult {
  readonly rows: DatabaseRow[];
  readonly rowCount: number;
  readonly command: string;
}

interface Stream {
  cork(): void;
  uncork(): void;
  destroy(error?: Error): void;
}

interface SessionOptions {
  /** How long the server may owe an answer, in milliseconds, before the connection is given up. Above every time-out of the server's own. */
  readonly silenceMs: number;
  /** Called once the connection is gone, whoever ended it. */
  readonly onEnd?: (session: DatabaseSession) => void;
  /** Called with what NOTIFY says on the channels that the connection listens to. */
  readonly onNotice?: (payload: string) => void;
}

/** How often a connection looks whether it has been left without an answer. */
const LOOK_MS = 250;
/** A polite end that nobody answers is not waited for. */
const GOODBYE_MS = 1000;
/**
 * The operating system's own default is two hours: a machine that has vanished, or a NAT that has forgotten the connection, would be
 * noticed after lunch.
 */
const keptAlive = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 };
const CONNECT_TIMEOUT_MS = 3000;

/**
 * One connection in pipeline mode. Statements asked for in the same turn of the event loop leave in one packet,
 * and their answers come back in one: that is an exchange.
 *
 * No statement is waited for without end. PostgreSQL has its own time-outs, but a server that was stopped, or a network that
 * swallows packets, cannot keep them; so a connection that owes an answer for longer than `silenceMs` is destroyed, which fails
 * everything that waits for it. One look four times a second for each connection, instead of a timer for each statement.
 */
export class DatabaseSession {
  private readonly client: Client;
  private outstanding = 0;
  private corked = false;
  private broken = false;
  private silent = false;
  private watch: NodeJS.Timeout | undefined;
  /** When the server last said something. */
  private heardAt = performance.now();
  /** Looks at which the next answer was still owed. Counted, not timed: while our own event loop stands still, nobody else is late. */
  private looks = 0;
  /** Of performance.now(), like all times here. */
  readonly openedAt = performance.now();

  private constructor(
    config: ClientConfig,
    private readonly metrics: DatabaseMetrics,
    private readonly options: SessionOptions,
  ) {
    this.client = new Client({ connectionTimeoutMillis: CONNECT_TIMEOUT_MS, ...config, ...keptAlive, pipeline: true });
  }

  /** Connects; throws the driver's error when the server cannot be reached in time or refuses us. */
  static async open(config: ClientConfig, metrics: DatabaseMetrics, options: SessionOptions): Promise<DatabaseSession> {
    const session = new DatabaseSession(config, metrics, options);
    const lost = () => {
      session.broken = true;
      clearInterval(session.watch);
      options.onEnd?.(session);
    };
    session.client.on('error', lost);
    session.client.on('end', lost);
    session.client.on('notification', ({ payload }) => options.onNotice?.(payload ?? ''));
    await session.client.connect();
    session.heardAt = performance.now();
    session.watch = setInterval(() => {
      session.look();
    }, LOOK_MS).unref();
    return session;
  }

  get usable(): boolean {
    return !this.broken;
  }

  /** It was ended because an answer did not come. */
  get wasSilent(): boolean {
    return this.silent;
  }

  /** How long ago the server last said something on this connection, in milliseconds. */
  quietFor(now = performance.now()): number {
    return now - this.heardAt;
  }

  get idle(): boolean {
    return this.outstanding === 0;
  }

  async send(statement: Statement, values: readonly unknown[] = []): Promise<StatementResult> {
    this.corkForThisTurn();
    if (this.outstanding++ === 0) {
      this.metrics.exchanges.inc();
      this.looks = 0;
    }
    const started = performance.now();
    try {
      const result = await this.client.query<DatabaseRow>({
        name: statement.name,
        text: statement.text,
        values: values as unknown[],
      });
      return { rows: result.rows, rowCount: result.rowCount ?? 0, command: result.command };
    } finally {
      this.outstanding--;
      const ended = performance.now();
      this.looks = 0;
      if (!this.broken) this.heardAt = ended;
      this.metrics.queries.observe({ query_type: statement.kind }, (ended - started) / 1000);
      this.metrics.statements.add(statement, ended - started, ended);
    }
  }

  /** Ends the connection, politely when nothing is outstanding, else at once. */
  close(): void {
    this.broken = true;
    clearInterval(this.watch);
    if (this.outstanding > 0) {
      this.stream().destroy();
      return;
    }
    const impatience = setTimeout(() => {
      this.stream().destroy();
    }, GOODBYE_MS).unref();
    void this.client.end().finally(() => {
      clearTimeout(impatience);
    });
  }

  private look(): void {
    if (this.outstanding === 0 || ++this.looks * LOOK_MS < this.options.silenceMs) return;
    this.broken = this.silent = true;
    this.stream().destroy(
      new Error(`the connection was ended: PostgreSQL has not answered for ${this.options.silenceMs} ms`),
    );
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
  private stream(): Stream {
    return (this.client as unknown as { connection: { stream: Stream } }).connection.stream;
  }
}

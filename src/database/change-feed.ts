import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { ClientConfig } from 'pg';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { DatabaseMetrics } from '../metrics/instruments/database-metrics';
import { DatabaseSession } from './session';
import { statement } from './statement';
import { LISTENING_CONNECTION } from './tokens';
import { type Worker, Workers } from './workers';

/** What was changed, by whichever process: somebody in a tenant, a tenant itself, or nobody knows what. */
export type RemoteChange = { readonly tenantId: string; readonly id?: string } | 'anything';

/** A healthy server answers at once. */
const SILENCE_MS = 5000;
/** How often the feed says something to itself, to hear whether it still hears anything. */
const BEAT_MS = 5000;
const BEAT = 'beat';

const listen = statement('', 'LISTEN rollcall_changes');
const say = statement('', `SELECT pg_notify('rollcall_changes', $1)`);

/**
 * What other replicas change about people, keys and tenants, said by triggers (`announce_change()`) in the transaction of the change. For what a
 * process remembers: it may only serve speed, since nothing is said while the connection is away. When it is back, `anything` may have changed.
 *
 * A connection of its own, because a pooler that changes connections between transactions takes a LISTEN and delivers nothing. So the feed
 * also speaks to itself: what it does not hear back within five seconds is a failure, whatever the reason.
 */
@Injectable()
export class ChangeFeed implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly subscribers: ((change: RemoteChange) => void)[] = [];
  private readonly worker: Worker;
  private readonly own = `${BEAT} ${randomUUID()}`;
  private session: DatabaseSession | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  private heard = true;

  constructor(
    @Inject(LISTENING_CONNECTION) private readonly client: ClientConfig,
    @Inject(CONFIG) private readonly config: Config,
    private readonly metrics: DatabaseMetrics,
    workers: Workers,
  ) {
    this.worker = workers.named('changes', new Logger(ChangeFeed.name));
  }

  /** `hear` is called in the order of the commits. It must not throw. */
  subscribe(hear: (change: RemoteChange) => void): void {
    this.subscribers.push(hear);
  }

  onApplicationBootstrap(): void {
    if (this.config.CHANGE_NOTICES) void this.connect();
  }

  onApplicationShutdown(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.session?.close();
  }

  private async connect(): Promise<void> {
    let session: DatabaseSession | undefined;
    try {
      session = await DatabaseSession.open(this.client, this.metrics, {
        silenceMs: SILENCE_MS,
        onNotice: (payload) => {
          this.hear(payload);
        },
        onEnd: (ended) => {
          this.lost(new Error('the connection was ended'), ended);
        },
      });
      this.session = session;
      this.heard = true;
      await session.send(listen);
      // What was changed before the LISTEN was said to nobody here.
      this.tell('anything');
      await this.beat(session);
    } catch (error) {
      this.lost(error, session);
    }
    if (this.closed) session?.close();
  }

  private async beat(session: DatabaseSession): Promise<void> {
    if (!this.heard) throw new Error('what is said does not arrive; past a pooler there is DATABASE_LISTEN_URL');
    this.heard = false;
    await session.send(say, [this.own]);
    this.again(BEAT_MS, () =>
      this.beat(session).catch((error: unknown) => {
        this.lost(error, session);
      }),
    );
  }

  /** Tries again later. A connection that has been given up before is nobody's loss. */
  private lost(error: unknown, session: DatabaseSession | undefined): void {
    if (this.closed || session !== this.session) return;
    this.session = undefined;
    session?.close();
    this.again(this.worker.failed('Changes of other replicas arrive late', error), () => this.connect());
  }

  private again(pauseMs: number, what: () => Promise<void>): void {
    clearTimeout(this.timer);
    if (!this.closed) this.timer = setTimeout(() => void what(), pauseMs).unref();
  }

  private hear(payload: string): void {
    if (payload === this.own) {
      this.heard = true;
      this.worker.succeeded();
    } else if (!payload.startsWith(BEAT)) {
      const [tenantId = '', id] = payload.split(' ');
      this.tell(id === undefined ? { tenantId } : { tenantId, id });
    }
  }

  private tell(change: RemoteChange): void {
    for (const hear of this.subscribers) hear(change);
  }
}

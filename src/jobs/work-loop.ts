import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import type { Worker } from '../database/workers';

interface LoopOptions {
  /** Whether this process works by itself, from its start to its shutdown. */
  readonly isOn: boolean;
  /** What the loop looks for, in the words of the log; the name of the worker when not given. */
  readonly lookingFor?: string;
  /** How long to wait after a look that found nothing. */
  readonly idleMs?: number;
}

/** Work behind the requests, unit after unit for as long as the process lives. While the database is away, the pauses grow. */
export abstract class WorkLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private idle = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private pauses = 0;

  protected constructor(
    protected readonly worker: Worker,
    private readonly options: LoopOptions,
  ) {}

  onApplicationBootstrap(): void {
    if (this.options.isOn) this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    this.idle.abort();
    await this.running;
  }

  /** There is something to do: no need to wait for the next look. */
  wake(): void {
    this.idle.abort();
  }

  /** Lets this process do nothing by itself until `work` has ended. Other processes go on. */
  async pauseDuring<T>(work: () => Promise<T>): Promise<T> {
    this.pauses += 1;
    try {
      return await work();
    } finally {
      this.pauses -= 1;
    }
  }

  /** Does one unit of work; false when there is none. */
  protected abstract next(): Promise<boolean>;

  protected get stopping(): AbortSignal {
    return this.stop.signal;
  }

  private async run(): Promise<void> {
    while (!this.stopping.aborted) {
      this.idle = new AbortController(); // before the look: what wakes the loop meanwhile may have come too late for it
      await sleep(await this.turn(), this.idle.signal);
    }
  }

  /** One look; answers how long to wait after it, in milliseconds. */
  private async turn(): Promise<number> {
    const { idleMs = 1_000, lookingFor = this.worker.name } = this.options;
    if (this.pauses > 0) return idleMs;
    try {
      const worked = await this.next();
      this.worker.succeeded();
      return worked ? 0 : idleMs;
    } catch (error) {
      return this.worker.failed(`Looking for ${lookingFor} failed`, error);
    }
  }
}

/** Waits so long, or until `stop`; less than a millisecond is not worth a timer. */
export async function sleep(ms: number, stop: AbortSignal): Promise<void> {
  if (ms >= 1) await pause(ms, undefined, { signal: stop }).catch(() => undefined);
}

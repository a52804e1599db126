import { type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import type { Worker } from './workers';

const IDLE_MS = 1_000;

/**
 * Takes jobs out of the database, one after the other, for as long as the process lives. What a job is, and how a claim keeps two
 * processes from working on one, is said in `next`.
 */
export abstract class WorkLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private idle = new AbortController();
  private running: Promise<void> = Promise.resolve();

  protected constructor(
    protected readonly worker: Worker,
    private readonly isOn: boolean,
  ) {}

  onApplicationBootstrap(): void {
    if (this.isOn) this.running = this.run();
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

  /** Works until there is nothing left; for tests and the operator. Answers how many jobs it ended. */
  async drain(): Promise<number> {
    let done = 0;
    while (await this.next()) done += 1;
    return done;
  }

  /** Claims a job and works on it to its end; false when there is none. */
  protected abstract next(): Promise<boolean>;

  protected get stopping(): AbortSignal {
    return this.stop.signal;
  }

  protected get isStopping(): boolean {
    return this.stop.signal.aborted;
  }

  private async run(): Promise<void> {
    while (!this.isStopping) {
      const restMs = await this.turn();
      if (restMs === 0) continue;
      this.idle = new AbortController();
      const signal = AbortSignal.any([this.idle.signal, this.stop.signal]);
      await pause(restMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One look; answers how long to rest after it. */
  private async turn(): Promise<number> {
    try {
      const worked = await this.next();
      this.worker.succeeded();
      return worked ? 0 : IDLE_MS;
    } catch (error) {
      return this.worker.failed(`Looking for ${this.worker.name} failed`, error);
    }
  }
}

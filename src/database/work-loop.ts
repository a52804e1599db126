import { type BeforeApplicationShutdown, type Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';

const IDLE_MS = 1_000;

/**
 * Takes jobs out of the database, one after the other, for as long as the process lives. What a job is, and how a claim keeps two
 * processes from working on one, is said in `next`.
 */
export abstract class WorkLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private nap = new AbortController();
  private running: Promise<void> = Promise.resolve();

  protected constructor(
    protected readonly log: Logger,
    private readonly isOn: boolean,
  ) {}

  onApplicationBootstrap(): void {
    if (this.isOn) this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    this.nap.abort();
    await this.running;
  }

  /** There is something to do: no need to wait for the next look. */
  wake(): void {
    this.nap.abort();
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
      const worked = await this.next().catch((error: unknown) => {
        this.log.warn(`Work cannot be looked for: ${error instanceof Error ? error.message : String(error)}`);
        return false;
      });
      if (worked) continue;
      this.nap = new AbortController();
      const signal = AbortSignal.any([this.nap.signal, this.stop.signal]);
      await pause(IDLE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

import { setTimeout as sleep } from 'node:timers/promises';

export interface ShutdownSteps {
  /** Readiness answers 503 from here on; connections are told to close with their next answer. */
  drain(reason: string): void;
  /** How long load balancers are given to notice, in milliseconds. */
  readonly drainDelayMs: number;
  /** Stops accepting, lets the requests in flight finish, flushes and closes. */
  close(): Promise<void>;
  /** From the signal to the end at the latest, in milliseconds; what is still open then is cut. */
  readonly deadlineMs: number;
  say(line: string): void;
}

/**
 * Ends the process in the order that loses no request: not ready, wait, stop accepting, finish, close, exit. Signals that
 * arrive before the server is up end the process at once; a second signal means that somebody is out of patience.
 */
export class Shutdown {
  private steps: ShutdownSteps | undefined;
  private early: (() => Promise<void>) | undefined;
  private under: 'way' | 'not yet' = 'not yet';

  /** Call first thing: an orchestrator may change its mind while we start. */
  listen(): this {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (this.under === 'way') process.exit(1);
        void this.run(signal, 0);
      });
    }
    process.on('uncaughtException', (error) => {
      this.broken('uncaught exception', error);
    });
    process.on('unhandledRejection', (reason) => {
      this.broken('unhandled rejection', reason);
    });
    return this;
  }

  /** What to undo when the process is told to end before ready() was called. */
  starting(undo: () => Promise<void>): void {
    this.early = undo;
  }

  ready(steps: ShutdownSteps): void {
    this.steps = steps;
  }

  /** Nobody knows in which state the process is: it says so, finishes what it is doing, and makes room for a new one. */
  private broken(what: string, error: unknown): void {
    const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (this.steps) this.steps.say(`${what}, the process ends: ${cause}`);
    else process.stderr.write(`${what}: ${cause}\n`);
    if (this.under === 'not yet') void this.run(what, 1);
  }

  private async run(reason: string, code: number): Promise<void> {
    this.under = 'way';
    const { steps } = this;
    setTimeout(() => {
      steps?.say('the shutdown deadline has passed: cutting what is still open');
      process.exit(1);
    }, steps?.deadlineMs ?? 10_000).unref();
    try {
      if (steps) {
        steps.say(`${reason}: draining for ${steps.drainDelayMs} ms`);
        steps.drain(reason);
        await sleep(steps.drainDelayMs);
        await steps.close();
      } else {
        await this.early?.();
      }
      process.exit(code);
    } catch (error) {
      process.stderr.write(`The shutdown failed: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    }
  }
}

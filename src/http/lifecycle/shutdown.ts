import { setTimeout as sleep } from 'node:timers/promises';
import { scrub } from '../logging/redact';

interface ShutdownSteps {
  /** Readiness answers 503 from here on; connections are told to close with their next answer. */
  drain(reason: string): void;
  /** How long load balancers are given to notice, in milliseconds. */
  readonly drainDelayMs: number;
  /** Stops accepting, lets the requests in flight finish, flushes and closes. */
  close(): Promise<void>;
  /** From the signal to the end at the latest, in milliseconds; what is still open then is cut. */
  readonly deadlineMs: number;
  /** Writes a line to the log: `log` for what goes as planned, `fatal` for what nobody planned. */
  say(level: 'log' | 'fatal', line: string): void;
  /** Until the log has been written, or refused. */
  said(): Promise<void>;
}

/**
 * A terminal signals everybody in its group, and npm passes on what it was sent as well; systemd lets a SIGHUP follow its SIGTERM. So what
 * arrives this soon (milliseconds) is the same wish once more.
 */
const REPETITION_MS = 1000;

/**
 * Ends the process in the order that loses no request: not ready, wait, stop accepting, finish, close, exit. Signals that
 * arrive before the server is up end the process at once; a second signal, unless it only repeats the first, means that somebody is
 * out of patience.
 */
export class Shutdown {
  private steps: ShutdownSteps | undefined;
  private early: (() => Promise<void>) | undefined;
  private begunAt: number | undefined;

  /** Call first thing: an orchestrator may change its mind while we start. */
  listen(): this {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(signal, () => {
        this.asked(signal);
      });
    }
    // A terminal that was closed takes no more lines; that is no reason to end otherwise than well.
    process.stderr.on('error', () => undefined);
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

  private asked(signal: string): void {
    if (this.begunAt === undefined) void this.run(signal, 0);
    else if (performance.now() - this.begunAt >= REPETITION_MS) {
      this.steps?.say('log', `${signal} once more: the process ends at once`);
      process.exit(1);
    }
  }

  /** Nobody knows in which state the process is: it says so, finishes what it is doing, and makes room for a new one. */
  private broken(what: string, error: unknown): void {
    this.alarm(`${what}, the process ends: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    if (this.begunAt === undefined) void this.run(what, 1);
  }

  private async run(reason: string, code: number): Promise<void> {
    const begunAt = (this.begunAt = performance.now());
    const { steps } = this;
    setTimeout(() => {
      this.alarm('the shutdown deadline has passed: cutting what is still open');
      process.exit(1);
    }, steps?.deadlineMs ?? 10_000).unref();
    try {
      if (steps) {
        steps.say('log', `${reason}: draining for ${steps.drainDelayMs} ms`);
        steps.drain(reason);
        await sleep(steps.drainDelayMs);
        await steps.close();
        const took = `${Math.round(performance.now() - begunAt)} ms`;
        steps.say('log', code === 0 ? `Graceful shutdown completed in ${took}` : `Ended after ${took}: ${reason}`);
        await steps.said();
      } else {
        await this.early?.();
      }
      process.exit(code);
    } catch (error) {
      this.alarm(`the shutdown failed: ${error instanceof Error ? error.message : String(error)}`);
      process.exit(1);
    }
  }

  /** On standard error as well, since the log may be silent, or a file that nobody reads now. */
  private alarm(line: string): void {
    this.steps?.say('fatal', line);
    process.stderr.write(`${scrub(line)}\n`);
  }
}

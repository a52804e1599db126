import { Injectable, type Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Gauge } from 'prom-client';
import { asProblem, describeFailure } from './failures';

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** How a worker fares, for people who ask: no cause, which may name hosts. */
export interface WorkerReport {
  readonly name: string;
  /** Since when it has been failing, and with which problem code; undefined while it does its work. */
  readonly failing?: { readonly since: Date; readonly code: string };
}

/** What works behind the requests, by name: whether it gets anything done, for the log, `/health/full` and a gauge. */
@Injectable()
export class Workers {
  private readonly known: Worker[] = [];

  constructor(@InjectMetric('rollcall_worker_failing') private readonly failing: Gauge<'worker'>) {}

  /** A worker of this process; `log` gets its lines. */
  named(name: string, log: Logger): Worker {
    const worker = new Worker(name, log, (failing) => {
      this.failing.set({ worker: name }, failing ? 1 : 0);
    });
    this.known.push(worker);
    return worker;
  }

  reports(): readonly WorkerReport[] {
    return this.known.map(({ name, failing }) => (failing ? { name, failing } : { name }));
  }
}

/** One of them. While it fails, the pauses between its tries grow from a second to half a minute: a database that is away needs no crowd. */
export class Worker {
  private state: WorkerReport['failing'];
  private pauseMs = FIRST_PAUSE_MS;

  constructor(
    readonly name: string,
    readonly log: Logger,
    private readonly show: (failing: boolean) => void,
  ) {
    show(false);
  }

  get failing(): WorkerReport['failing'] {
    return this.state;
  }

  /** It did its work, or found that there is none. */
  succeeded(): void {
    if (!this.state) return;
    this.log.log(`${this.name}: works again, after ${Math.round((Date.now() - this.state.since.getTime()) / 1000)} s`);
    this.state = undefined;
    this.pauseMs = FIRST_PAUSE_MS;
    this.show(false);
  }

  /** It failed as a whole. Says what, why and when the next try is; answers the pause until then, in milliseconds. */
  failed(what: string, error: unknown): number {
    const { pauseMs } = this;
    this.pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    this.failedAt(what, error, `in ${pauseMs / 1000} s`);
    return pauseMs;
  }

  /** As failed(), of a worker whose next try comes when it comes: `next` says in words when. */
  failedAt(what: string, error: unknown, next: string, level: 'warn' | 'error' = 'warn'): void {
    this.state = { since: this.state?.since ?? new Date(), code: asProblem(error).code };
    this.show(true);
    this.log[level](`${what}: ${describeFailure(error)}; next try ${next}`);
  }
}

import { Injectable, Logger } from '@nestjs/common';
import { type HealthCheckResult, HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Gauge } from 'prom-client';
import { DatabaseHealth, type DatabaseState } from '../database/database-health';
import { DrainState } from '../http/lifecycle/drain';
import { ApplicationRegistry } from '../metrics/instruments/application-registry';

/** PostgreSQL is given this long to answer; the probe's own bound is 500 ms. */
const DATABASE_TIMEOUT_MS = 400;
/** An answer is good for this long: a hundred probes a second ask the database once. */
const GOOD_FOR_MS = 1000;

export interface Readiness {
  readonly ready: boolean;
  /** What stands in the way, in words for an operator; never a driver's message. */
  readonly reason?: string;
  readonly database: 'ok' | `error: ${string}`;
  readonly databaseLatencyMs?: number;
  readonly timestamp: string;
}

/** Whether this process should be sent requests: it is not draining, PostgreSQL answers, and the schema is that of the build. */
@Injectable()
export class ReadinessService {
  private readonly log = new Logger('Readiness');
  private latest: Promise<Readiness> | undefined;
  private takenAt = -Infinity;
  private wasReady: boolean | undefined;

  constructor(
    private readonly checks: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly database: DatabaseHealth,
    private readonly drain: DrainState,
    @InjectMetric('rollcall_ready') private readonly ready: Gauge,
    registry: ApplicationRegistry,
  ) {
    registry.beforePage(() => this.current());
  }

  async current(): Promise<Readiness> {
    const now = performance.now();
    if (!this.latest || now - this.takenAt > GOOD_FOR_MS) {
      this.takenAt = now;
      this.latest = this.look();
    }
    const seen = await this.latest;
    // Draining is not looked up: it must show with the very next probe.
    const readiness = this.drain.phase === 'draining' ? { ...seen, ready: false, reason: 'Shutting down' } : seen;
    this.ready.set(readiness.ready ? 1 : 0);
    return readiness;
  }

  private async look(): Promise<Readiness> {
    let state: DatabaseState | undefined;
    const result = await this.checks
      .check([
        async () => {
          const check = this.indicators.check('database');
          // Terminus shows the message of a thrown error to the world; ours goes to the log, and the world gets a word.
          const found = await this.database.state(DATABASE_TIMEOUT_MS).catch((error: unknown) => {
            this.log.warn(`The database does not answer: ${error instanceof Error ? error.message : String(error)}`);
            return undefined;
          });
          state = found;
          return found ? check.up() : check.down('connection failed or timed out');
        },
        async () => {
          const check = this.indicators.check('migrations');
          await Promise.resolve();
          const missing = state?.missingMigrations ?? 0;
          return missing === 0 ? check.up() : check.down(`${missing} missing`);
        },
      ])
      .catch((error: unknown) => failedResult(error));
    return this.told(result, state);
  }

  private told(result: HealthCheckResult, state: DatabaseState | undefined): Readiness {
    const missing = state?.missingMigrations ?? 0;
    const reason = !state
      ? 'Database unavailable'
      : missing > 0
        ? `${missing} database migrations are missing`
        : undefined;
    const ready = result.status === 'ok' && reason === undefined;
    if (ready !== this.wasReady) this.log.log(ready ? 'Ready' : `Not ready: ${reason ?? 'a check failed'}`);
    this.wasReady = ready;
    return {
      ready,
      ...(ready ? {} : { reason: reason ?? 'A check failed' }),
      database: state ? 'ok' : 'error: connection failed or timed out',
      ...(state ? { databaseLatencyMs: state.latencyMs } : {}),
      timestamp: new Date().toISOString(),
    };
  }
}

/** Terminus throws when a check is down; the result is inside. */
function failedResult(error: unknown): HealthCheckResult {
  const response: unknown =
    error instanceof Error && 'getResponse' in error ? (error as { getResponse(): unknown }).getResponse() : undefined;
  if (typeof response === 'object' && response !== null && 'status' in response) return response as HealthCheckResult;
  throw error;
}

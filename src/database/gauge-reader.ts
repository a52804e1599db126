import { type Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Gauge } from 'prom-client';

/** Gauges that are read from the database: at the start and at intervals, so that no page of metrics waits for a query. */
export abstract class GaugeReader implements OnApplicationBootstrap, OnApplicationShutdown {
  private again: NodeJS.Timeout | undefined;

  /** `what` is read, in the words of the log. */
  protected constructor(
    protected readonly log: Logger,
    private readonly what: string,
    private readonly everyMs: number,
    gauges: readonly Gauge[],
  ) {
    for (const gauge of gauges) gauge.set(NaN); // not read yet is not none
  }

  onApplicationBootstrap(): void {
    void this.look();
    this.again = setInterval(() => void this.look(), this.everyMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.again);
  }

  /** Never throws: a database that is away is reported elsewhere. The gauges stay as they were. */
  async look(): Promise<void> {
    try {
      await this.read();
    } catch {
      this.log.debug(`${this.what} could not be read`);
    }
  }

  /** Reads them from the database and sets them; may throw. */
  protected abstract read(): Promise<void>;
}

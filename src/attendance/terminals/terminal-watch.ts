import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Gauge } from 'prom-client';
import { PLATFORM_TENANT } from '../../auth/principal';
import { statement } from '../../database/statement';
import { UnitOfWork } from '../../database/unit-of-work';

const LOOK_EVERY_MS = 60_000;
/** A clock beyond this makes somebody late who was not. */
const SKEW_BOUND_MS = 5 * 60_000;

const health = statement('terminals.health', 'SELECT skewed, silent FROM terminal_health($1)');

/** How many terminals have a wrong clock, and how many have stopped to call: what nobody on site notices until pay day. */
@Injectable()
export class TerminalWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('Terminals');
  private again: NodeJS.Timeout | undefined;

  constructor(
    private readonly work: UnitOfWork,
    @InjectMetric('terminals_skewed') private readonly skewed: Gauge,
    @InjectMetric('terminals_silent') private readonly silent: Gauge,
  ) {
    for (const gauge of [skewed, silent]) gauge.set(NaN); // not looked up yet is not none
  }

  onApplicationBootstrap(): void {
    void this.look();
    this.again = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.again);
  }

  /** Never throws: a database that is away is told of elsewhere. */
  async look(): Promise<void> {
    try {
      const row = await this.work.read(PLATFORM_TENANT, (tx) =>
        tx.row<{ skewed: number; silent: number }>(health, [SKEW_BOUND_MS]),
      );
      if (!row) return;
      this.skewed.set(row.skewed);
      this.silent.set(row.silent);
    } catch {
      this.log.debug('How the terminals are could not be read');
    }
  }
}

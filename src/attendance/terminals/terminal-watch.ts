import { Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Gauge } from 'prom-client';
import { PLATFORM_TENANT } from '../../tenancy/platform-tenant';
import { GaugeReader } from '../../database/gauge-reader';
import { statement } from '../../database/statement';
import { UnitOfWork } from '../../database/unit-of-work';

const READ_EVERY_MS = 60_000;
/** A clock beyond this makes somebody late who was not. */
const SKEW_BOUND_MS = 5 * 60_000;

const health = statement('terminals.health', 'SELECT skewed, silent FROM terminal_health($1)');

/** How many terminals have a wrong clock, and how many have stopped calling: what nobody on site notices until pay day. */
@Injectable()
export class TerminalWatch extends GaugeReader {
  constructor(
    private readonly work: UnitOfWork,
    @InjectMetric('terminals_skewed') private readonly skewed: Gauge,
    @InjectMetric('terminals_silent') private readonly silent: Gauge,
  ) {
    super(new Logger('Terminals'), 'How the terminals are', READ_EVERY_MS, [skewed, silent]);
  }

  protected async read(): Promise<void> {
    const row = await this.work.read(PLATFORM_TENANT, (tx) =>
      tx.row<{ skewed: number; silent: number }>(health, [SKEW_BOUND_MS]),
    );
    if (!row) return;
    this.skewed.set(row.skewed);
    this.silent.set(row.silent);
  }
}

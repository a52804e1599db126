import { Inject, Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression, Interval } from '@nestjs/schedule';
import { PLATFORM_TENANT } from '../../tenancy/platform-tenant';
import type { Config } from '../../config/config';
import { CONFIG } from '../../config/config.module';
import { acrossTenants } from '../../database/statement';
import { UnitOfWork } from '../../database/unit-of-work';
import { ScheduleHorizon } from '../schedules/horizon.service';
import { markDueDays } from './queue';

const BATCH = 1000;
/** Open-ended schedules have their shifts at least this far ahead. */
const AHEAD_DAYS = 90;
const toMaterialise = acrossTenants(
  'days.tenants_to_materialise',
  'SELECT tenant_id FROM tenants_to_materialise((now() + make_interval(days => $1::integer))::date)',
);

/**
 * What changes only because time passes: days whose windows close are marked, and open-ended schedules get more shifts. Every replica
 * runs it. Replicas skip the rows that another one marks, and creating shifts twice changes nothing.
 */
@Injectable()
export class DayClock {
  private readonly log = new Logger('DayClock');

  constructor(
    private readonly work: UnitOfWork,
    private readonly horizon: ScheduleHorizon,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Interval('days.due', 5000)
  async tick(): Promise<void> {
    if (!this.config.DAY_WORKER) return;
    try {
      await this.markDue();
    } catch {
      this.log.warn('Days that are due could not be marked; the next tick tries again');
    }
  }

  @Cron(CronExpression.EVERY_HOUR, { name: 'days.horizon', timeZone: 'UTC' })
  async extendHorizon(): Promise<void> {
    if (this.config.DAY_WORKER) await this.attempt(() => this.materialise(AHEAD_DAYS));
  }

  /** A person has another time zone or leave date: their future shifts are created again. */
  @Interval('days.moved', 60_000)
  async followMoves(): Promise<void> {
    if (this.config.DAY_WORKER) await this.attempt(() => this.materialise(0));
  }

  /** Creates the missing shifts of the published schedules of all tenants, up to `aheadDays` from today. */
  async materialise(aheadDays: number): Promise<void> {
    const tenants = await this.work.read(PLATFORM_TENANT, (tx) =>
      tx.rows<{ tenant_id: string }>(toMaterialise, [aheadDays]),
    );
    for (const { tenant_id: tenantId } of tenants) await this.horizon.extendHorizon(tenantId);
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch {
      this.log.warn('Schedules could not be given more shifts; the next time tries again');
    }
  }

  /** Marks everything that is due now; answers how many days. */
  async markDue(): Promise<number> {
    let total = 0;
    for (;;) {
      const marked = await this.work.write(PLATFORM_TENANT, (tx) => markDueDays(tx, BATCH));
      total += marked;
      if (marked < BATCH) return total;
    }
  }
}

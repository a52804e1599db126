import { Inject, Injectable, Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { PLATFORM_TENANT } from '../../auth/principal';
import type { Config } from '../../config/config';
import { CONFIG } from '../../config/config.module';
import { UnitOfWork } from '../../database/unit-of-work';
import { markDueDays } from './queue';

const BATCH = 1000;
/**
 * What time alone changes: days whose windows close are marked, and open-ended schedules get more shifts. Every replica runs it;
 * the rows that one of them marks are passed over by the others, and giving a schedule the shifts that it has changes nothing.
 */
@Injectable()
export class DayClock {
  private readonly log = new Logger('DayClock');

  constructor(
    private readonly work: UnitOfWork,
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

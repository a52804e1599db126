import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { RetentionService } from './retention.service';

const settleMs = 60_000;
const overdueSeconds = 25 * 3600;

/** When retention runs: every night at two, and soon after a start that finds the last night missed. */
@Injectable()
export class RetentionSchedule implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('Retention');
  private catchUp: NodeJS.Timeout | undefined;

  constructor(private readonly retention: RetentionService) {}

  @Cron('0 2 * * *', { name: 'retention', timeZone: 'UTC' })
  async nightly(): Promise<void> {
    await this.retention.runScheduled();
  }

  /** Not at once: a server that has just started has better things to do, and most processes live shorter in tests. */
  onApplicationBootstrap(): void {
    if (!this.retention.enabled) return;
    this.catchUp = setTimeout(() => void this.runIfOverdue(), settleMs).unref();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.catchUp);
  }

  /** A machine that sleeps at two would never clean up. Also fills the gauges, which a restart has emptied. */
  async runIfOverdue(now = new Date()): Promise<void> {
    try {
      const oldest = await this.retention.refreshLastSuccess();
      if (now.getTime() / 1000 - oldest > overdueSeconds) await this.retention.runScheduled(now);
    } catch {
      this.log.warn('The record of earlier retention runs cannot be read');
    }
  }
}

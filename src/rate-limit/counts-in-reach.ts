import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Gauge } from 'prom-client';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { describeFailure } from '../database/failures';
import type { QuotaPolicy } from './quota-policy';
import { type Count, type Counted, SHARED_COUNTS, type SharedCounts } from './shared-counts';

/** The counts are asked again so long after they could not be reached. */
const AGAIN_MS = 1000;
/** Keys of one question. */
export const MOST_AT_ONCE = 1000;

/**
 * The shared counts, asked with a bound on the wait. Where they cannot be reached, or not in time, they are away for a second: whoever asks
 * meanwhile decides alone, since a quota is no reason for an outage.
 */
@Injectable()
export class CountsInReach {
  private readonly log = new Logger('Quotas');
  private awayUntil = -Infinity;
  private isAway = false;

  constructor(
    @Inject(SHARED_COUNTS) private readonly counts: SharedCounts,
    @Inject(CONFIG) private readonly config: Config,
    @InjectMetric('attendance_rate_limit_store_up') private readonly up: Gauge,
  ) {
    up.set(1);
  }

  get areAway(): boolean {
    return this.isAway && performance.now() < this.awayUntil;
  }

  /** Whether the last question was not answered, however long ago: what people are shown. */
  get lastFailed(): boolean {
    return this.isAway;
  }

  /** Answers by key; undefined where they cannot be reached, or do not answer in time. Never rejects. */
  async count(counts: readonly Count[]): Promise<ReadonlyMap<string, Counted> | undefined> {
    let impatience: NodeJS.Timeout | undefined;
    const bound = new Promise<never>((_, reject) => {
      const ms = this.config.RATE_LIMIT_STORE_TIMEOUT_MS;
      impatience = setTimeout(() => {
        reject(new Error(`no answer within ${ms} ms`));
      }, ms);
    });
    try {
      const answers = await Promise.race([this.counts.count(counts), bound]);
      if (this.isAway) this.log.log('Quotas are counted together with the other replicas again');
      this.isAway = false;
      this.up.set(1);
      return answers;
    } catch (error) {
      if (!this.isAway)
        this.log.warn(`Quotas are counted by this process alone: ${describeFailure(error)}; asked again every second`);
      this.isAway = true;
      this.awayUntil = performance.now() + AGAIN_MS;
      this.up.set(0);
      return undefined;
    } finally {
      clearTimeout(impatience);
    }
  }
}

/** The key of a quota, as it is counted together: `name` says policy and key. */
export function countFor(name: string, policy: QuotaPolicy): Omit<Count, 'amount'> {
  return { key: countKeyOf(name), most: policy.limit, perSecond: (policy.limit * 1000) / policy.windowMs };
}

/** Half of a SHA-256: enough to tell keys apart, and no address or person where they are counted. */
export function countKeyOf(name: string): string {
  return createHash('sha256').update(name).digest().subarray(0, 16).toString('base64url');
}

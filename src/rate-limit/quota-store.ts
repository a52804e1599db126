import type { ThrottlerStorage } from '@nestjs/throttler';
import { LRUCache } from 'lru-cache';
import type { QuotaPolicy } from './quota-policy';

/** What a quota says to one request. */
export interface QuotaDecision {
  readonly policy: QuotaPolicy;
  readonly allowed: boolean;
  /** Whole requests left after this one. */
  readonly remaining: number;
  /** Whole seconds until more is left than now; at least 1 while anything is used. */
  readonly resetSeconds: number;
}

/** How much of a quota is used, and when that was last true; it drains evenly from then on. */
interface Bucket {
  used: number;
  at: number;
}

/** Division leaves a rounding error: a request that waited exactly as long as Retry-After said must not miss by 1e-12. */
const EPSILON = 1e-6;

const monotonic = () => performance.now();

/**
 * The state of all quotas of this process, by the generic cell rate algorithm in its leaky-bucket form: two numbers for
 * each key, the same work for every request, and no edge of a window at which a caller gets twice the quota. The store
 * that comes with the library keeps an array of hits for each key and filters it on every hit.
 *
 * Bounded: each policy has its own map of the keys seen last, so a flood of addresses pushes out addresses, never
 * principals. A key that was pushed out starts afresh; that is the price of the bound.
 *
 * The clock is monotonic, so setting the machine's time neither blocks nor frees anybody; should a clock jump all the same,
 * a bucket drains from the new time on and nobody waits longer than one window.
 *
 * State lives in this process: N replicas admit up to N times the quota. A shared store replaces this class, behind the
 * same methods.
 */
export class QuotaStore implements ThrottlerStorage {
  private readonly buckets = new Map<string, LRUCache<string, Bucket>>();

  constructor(
    private readonly now: () => number = monotonic,
    private readonly capacity = 50_000,
  ) {}

  /** Takes one request out of the quota of `key`. A refused request takes nothing, so hammering does not prolong the wait. */
  take(policy: QuotaPolicy, key: string): QuotaDecision {
    const bucket = this.drained(policy, key);
    const allowed = fits(bucket, policy);
    if (allowed) bucket.used += 1;
    return decision(policy, bucket, allowed);
  }

  /** What take() would say, without taking. */
  peek(policy: QuotaPolicy, key: string): QuotaDecision {
    const known = this.keys(policy.name).get(key);
    const bucket = known ? this.drain(known, policy) : { used: 0, at: 0 };
    return decision(policy, bucket, fits(bucket, policy));
  }

  /** Puts back what take() took, for a request that turned out not to count. */
  giveBack(policy: QuotaPolicy, key: string): void {
    const bucket = this.drained(policy, key);
    bucket.used = Math.max(0, bucket.used - 1);
  }

  /** The library's interface, for routes that use its guard and decorators. A refusal ends when one request fits again. */
  increment(key: string, ttl: number, limit: number, _blockDuration: number, throttlerName: string) {
    const policy = { name: throttlerName, limit, windowMs: ttl };
    const taken = this.take(policy, key);
    return Promise.resolve({
      totalHits: limit - taken.remaining + (taken.allowed ? 0 : 1),
      timeToExpire: taken.resetSeconds,
      isBlocked: !taken.allowed,
      timeToBlockExpire: taken.allowed ? 0 : taken.resetSeconds,
    });
  }

  private drained(policy: QuotaPolicy, key: string): Bucket {
    const keys = this.keys(policy.name);
    const known = keys.get(key);
    if (known) return this.drain(known, policy);
    const fresh = { used: 0, at: this.now() };
    keys.set(key, fresh);
    return fresh;
  }

  private drain(bucket: Bucket, policy: QuotaPolicy): Bucket {
    const now = this.now();
    const elapsed = Math.max(0, now - bucket.at);
    bucket.used = Math.max(0, bucket.used - (elapsed * policy.limit) / policy.windowMs);
    bucket.at = now;
    return bucket;
  }

  private keys(name: string): LRUCache<string, Bucket> {
    const known = this.buckets.get(name);
    if (known) return known;
    const made = new LRUCache<string, Bucket>({ max: this.capacity });
    this.buckets.set(name, made);
    return made;
  }
}

function fits(bucket: Bucket, policy: QuotaPolicy): boolean {
  return bucket.used + 1 <= policy.limit + EPSILON;
}

function decision(policy: QuotaPolicy, bucket: Bucket, allowed: boolean): QuotaDecision {
  const left = Math.max(0, policy.limit - bucket.used);
  const remaining = Math.floor(left + EPSILON);
  const missing = Math.min(bucket.used, remaining + 1 - left);
  const seconds = (missing * policy.windowMs) / policy.limit / 1000;
  return {
    policy,
    allowed,
    remaining,
    resetSeconds: bucket.used > EPSILON ? Math.max(1, Math.ceil(seconds - EPSILON)) : 0,
  };
}

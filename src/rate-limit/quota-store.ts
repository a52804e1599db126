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
 * What this process knows of all quotas, by the generic cell rate algorithm in its leaky-bucket form: two numbers for
 * each key, the same work for every request, and no edge of a window at which a caller gets twice the quota. The store
 * that comes with the library keeps an array of hits for each key and filters it on every hit.
 *
 * Bounded: each policy has its own map of the keys seen last, so a flood of addresses pushes out addresses, never
 * principals. A key that was pushed out starts afresh; that is the price of the bound.
 *
 * The clock is monotonic, so setting the machine's time neither blocks nor frees anybody; should a clock jump all the same,
 * a bucket drains from the new time on and nobody waits longer than one window.
 *
 * What the replicas count together is in SharedQuotas, which decides by this one where it may, and where the others cannot be reached.
 */
export class QuotaStore {
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
    return decided(policy, bucket.used, allowed);
  }

  /** What take() would say, without taking. */
  peek(policy: QuotaPolicy, key: string): QuotaDecision {
    const known = this.keys(policy.name).get(key);
    const bucket = known ? this.drain(known, policy) : { used: 0, at: 0 };
    return decided(policy, bucket.used, fits(bucket, policy));
  }

  /** Puts back what take() took, for a request that turned out not to count. */
  giveBack(policy: QuotaPolicy, key: string): void {
    const bucket = this.drained(policy, key);
    bucket.used = Math.max(0, bucket.used - 1);
  }

  /** All replicas together have used so much. */
  learn(policy: QuotaPolicy, key: string, used: number): void {
    this.drained(policy, key).used = used;
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

/** What is said of a quota of which so much is used. */
export function decided(policy: QuotaPolicy, used: number, allowed: boolean): QuotaDecision {
  const left = Math.max(0, policy.limit - used);
  const remaining = Math.floor(left + EPSILON);
  const missing = Math.min(used, used - policy.limit + remaining + 1);
  const seconds = (missing * policy.windowMs) / policy.limit / 1000;
  return {
    policy,
    allowed,
    remaining,
    resetSeconds: used > EPSILON ? Math.max(1, Math.ceil(seconds - EPSILON)) : 0,
  };
}

import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';
import { LRUCache } from 'lru-cache';
import { countFor, CountsInReach, countKeyOf, MOST_AT_ONCE } from './counts-in-reach';
import type { QuotaPolicy } from './quota-policy';
import { decided, type QuotaDecision, QuotaStore } from './quota-store';
import type { Count, Counted } from './shared-counts';

/** Callers who wait for the same key, and what was given back meanwhile: one count in the next exchange. */
interface Ask {
  readonly policy: QuotaPolicy;
  readonly key: string;
  returned: number;
  readonly waiting: { readonly takes: 0 | 1; readonly resolve: (decision: QuotaDecision) => void }[];
}

/** Whoever was refused is refused again for so long without a question: a flood must not reach the counts. */
const REFUSED_MS = 1000;

/**
 * The quotas that all replicas count together, exactly: a request that takes one is decided by the shared counts. Whoever asks while a
 * question is under way waits for the next one, which asks for everybody, so that a process has one question at a time out, however many
 * callers it has.
 *
 * Where the counts cannot be reached, or not in time, each process decides by what it knows itself until they can be: a quota is no reason
 * for an outage.
 */
@Injectable()
export class SharedQuotas implements ThrottlerStorage, OnApplicationShutdown {
  private asks = new Map<string, Ask>();
  private asking: Promise<void> | undefined;
  private readonly refused = new LRUCache<string, QuotaDecision>({ max: 10_000, ttl: REFUSED_MS });

  constructor(
    private readonly store: QuotaStore,
    private readonly counts: CountsInReach,
  ) {}

  /** Takes one request out of the quota of `key`. A refused request takes nothing. Never rejects. */
  take(policy: QuotaPolicy, key: string): Promise<QuotaDecision> {
    return this.ask(policy, key, 1);
  }

  /** What take() would say, without taking. */
  peek(policy: QuotaPolicy, key: string): Promise<QuotaDecision> {
    return this.ask(policy, key, 0);
  }

  /** Puts back what take() took, for a request that turned out not to count. Nobody waits for it. */
  giveBack(policy: QuotaPolicy, key: string): void {
    this.store.giveBack(policy, key);
    this.refused.delete(`${policy.name} ${key}`);
    if (this.counts.areAway) return;
    this.askFor(policy, key).returned++;
    this.start();
  }

  /** The library's interface, for routes that use its guard and decorators. A refusal ends when one request fits again. */
  async increment(key: string, ttl: number, limit: number, _blockDuration: number, throttlerName: string) {
    const taken = await this.take({ name: throttlerName, limit, windowMs: ttl }, key);
    return {
      totalHits: limit - taken.remaining + (taken.allowed ? 0 : 1),
      timeToExpire: taken.resetSeconds,
      isBlocked: !taken.allowed,
      timeToBlockExpire: taken.allowed ? 0 : taken.resetSeconds,
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.asking;
  }

  private ask(policy: QuotaPolicy, key: string, takes: 0 | 1): Promise<QuotaDecision> {
    const known = this.refused.get(`${policy.name} ${key}`);
    if (known) return Promise.resolve(known);
    if (this.counts.areAway) return Promise.resolve(this.alone(policy, key, takes));
    return new Promise((resolve) => {
      this.askFor(policy, key).waiting.push({ takes, resolve });
      this.start();
    });
  }

  private askFor(policy: QuotaPolicy, key: string): Ask {
    const name = `${policy.name} ${key}`;
    const known = this.asks.get(name);
    if (known) return known;
    const made: Ask = { policy, key, returned: 0, waiting: [] };
    this.asks.set(name, made);
    return made;
  }

  /** What this process says by itself. */
  private alone(policy: QuotaPolicy, key: string, takes: 0 | 1): QuotaDecision {
    return takes === 1 ? this.store.take(policy, key) : this.store.peek(policy, key);
  }

  private start(): void {
    this.asking ??= this.askAll().finally(() => {
      this.asking = undefined;
    });
  }

  private async askAll(): Promise<void> {
    await Promise.resolve(); // what the same turn asks for goes together
    while (this.asks.size > 0) {
      const batch = [...this.asks].slice(0, MOST_AT_ONCE);
      for (const [name] of batch) this.asks.delete(name);
      const answers = await this.counts.count(batch.map(([name, ask]) => countOf(name, ask)));
      for (const [name, ask] of batch) this.settle(name, ask, answers?.get(countKeyOf(name)));
    }
  }

  /** What was granted goes to those who came first. */
  private settle(name: string, { policy, key, returned, waiting }: Ask, counted: Counted | undefined): void {
    if (!counted) {
      for (const { takes, resolve } of waiting) resolve(this.alone(policy, key, takes));
      return;
    }
    this.store.learn(policy, key, counted.used);
    let left = counted.granted + returned;
    for (const { takes, resolve } of waiting) {
      const allowed = takes === 0 ? counted.used + 1 <= policy.limit : left-- >= 1;
      const decision = decided(policy, counted.used, allowed);
      if (!allowed) this.refused.set(name, decision);
      resolve(decision);
    }
  }
}

function countOf(name: string, { policy, returned, waiting }: Ask): Count {
  const taken = waiting.filter(({ takes }) => takes === 1).length;
  return { ...countFor(name, policy), amount: taken - returned };
}

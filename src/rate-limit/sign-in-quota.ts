import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { quotaAddress } from './address';
import { quotaExceeded } from './quota-answer';
import { QuotaPolicies, type QuotaPolicy } from './quota-policy';
import type { QuotaDecision } from './quota-store';
import { SharedQuotas } from './shared-quotas';

/** How long, and how many pairs of account and address, a process remembers: a month of everybody's devices. */
const KNOWN = { max: 100_000, ttl: 30 * 86_400_000 };

interface Reserved {
  readonly policy: QuotaPolicy;
  readonly key: string;
}

/**
 * Sign-ins: only failures count, for each account and, ten times as many, for each address. An account has an allowance of its own
 * at each address where it has lately signed in, so that whoever guesses elsewhere does not lock its owner out.
 *
 * A sign-in is reserved before it is tried and given back unless it failed. Counting afterwards would let a thousand
 * guesses sent at once all pass the check before the first of them has failed.
 */
@Injectable()
export class SignInQuota {
  private readonly reserved = new WeakMap<FastifyRequest, readonly Reserved[]>();
  private readonly asked = new WeakMap<FastifyRequest, string>();
  private readonly known = new LRUCache<string, true>(KNOWN);

  constructor(
    private readonly shared: SharedQuotas,
    private readonly policies: QuotaPolicies,
  ) {}

  /** Reserves one failure and answers what is left of the account's; rejects with the 429 when account or address have none left. */
  async check(request: FastifyRequest, email: unknown): Promise<QuotaDecision | undefined> {
    if (!this.policies.on) return undefined;
    const address = quotaAddress(request);
    const wanted: Reserved[] = [{ policy: this.policies.loginAddress, key: address }];
    if (typeof email === 'string') {
      const account = accountKey(email);
      const here = `${account} ${address}`;
      this.asked.set(request, here);
      wanted.push({ policy: this.policies.login, key: this.known.has(here) ? here : account });
    }
    const decisions = await Promise.all(wanted.map(({ policy, key }) => this.shared.take(policy, key)));
    const refusal = decisions.find(({ allowed }) => !allowed);
    if (refusal) {
      this.giveBack(wanted.filter((_, index) => decisions[index]?.allowed));
      throw quotaExceeded(refusal);
    }
    this.reserved.set(request, wanted);
    return decisions.at(-1);
  }

  /** The sign-in was refused: what was reserved is used up. */
  failed(request: FastifyRequest): void {
    this.reserved.delete(request);
  }

  /**
   * How the request ended. Only a 401 is a failed sign-in: a typing error in the body is not a guess, and an outage of ours
   * must not lock people out. Where it succeeded, the account is known from then on. A caller who hangs up before the answer never
   * gets here and keeps the failure.
   */
  settle(request: FastifyRequest, status: number): void {
    if (status !== 401) this.giveBack(this.reserved.get(request) ?? []);
    const here = this.asked.get(request);
    if (here !== undefined && status < 300) this.known.set(here, true);
    this.failed(request);
  }

  private giveBack(items: readonly Reserved[]): void {
    for (const { policy, key } of items) this.shared.giveBack(policy, key);
  }
}

/** One key for all spellings of an address, and no personal data in memory for longer than the request. */
function accountKey(email: string): string {
  const canonical = email.slice(0, 1000).normalize('NFKC').trim().toLowerCase();
  return createHash('sha256').update(canonical).digest('base64url');
}

import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { clientAddress } from '../http/request/request-target';
import { quotaAddress } from './address';
import { countKeyOf } from './counts-in-reach';
import { KnownAddresses } from './known-addresses';
import { quotaExceeded } from './quota-answer';
import { QuotaPolicies, type QuotaPolicy } from './quota-policy';
import type { QuotaDecision } from './quota-store';
import { SharedQuotas } from './shared-quotas';

interface Reserved {
  readonly policy: QuotaPolicy;
  readonly key: string;
}

/**
 * Sign-ins: only failures count, for each account and, ten times as many, for each address. An account has an allowance of its own
 * at each address where it has signed in within thirty days, so that whoever guesses elsewhere does not lock its owner out.
 *
 * A sign-in is reserved before it is tried and given back unless it failed. Counting afterwards would let a thousand
 * guesses sent at once all pass the check before the first of them has failed.
 */
@Injectable()
export class SignInQuota {
  private readonly reserved = new WeakMap<FastifyRequest, readonly Reserved[]>();

  constructor(
    private readonly shared: SharedQuotas,
    private readonly addresses: KnownAddresses,
    private readonly policies: QuotaPolicies,
  ) {}

  /** Reserves one failure and answers what is left of the account's; rejects with the 429 when account or address have none left. */
  async check(request: FastifyRequest, email: unknown): Promise<QuotaDecision | undefined> {
    if (!this.policies.on) return undefined;
    const address = quotaAddress(request);
    const ofAddress: Reserved = { policy: this.policies.loginAddress, key: address };
    const first = await this.shared.take(ofAddress.policy, ofAddress.key);
    if (!first.allowed) throw quotaExceeded(first);
    if (typeof email !== 'string') {
      this.reserved.set(request, [ofAddress]);
      return first;
    }
    const account = canonical(email);
    // Looked up once the address is let in: what it costs is bounded by what the address may try.
    const isKnown = await this.addresses.know(account, clientAddress(request));
    const key = isKnown ? `${countKeyOf(account)} ${address}` : countKeyOf(account);
    const decision = await this.shared.take(this.policies.login, key);
    if (!decision.allowed) {
      this.giveBack([ofAddress]);
      throw quotaExceeded(decision);
    }
    this.reserved.set(request, [ofAddress, { policy: this.policies.login, key }]);
    return decision;
  }

  /** The sign-in was refused: what was reserved is used up. */
  failed(request: FastifyRequest): void {
    this.reserved.delete(request);
  }

  /**
   * How the request ended. Only a 401 is a failed sign-in: a typing error in the body is not a guess, and an outage of ours
   * must not lock people out. A caller who hangs up before the answer never gets here and keeps the failure.
   */
  settle(request: FastifyRequest, status: number): void {
    if (status !== 401) this.giveBack(this.reserved.get(request) ?? []);
    this.failed(request);
  }

  private giveBack(items: readonly Reserved[]): void {
    for (const { policy, key } of items) this.shared.giveBack(policy, key);
  }
}

/** One key for all spellings of an address. */
const canonical = (email: string) => email.slice(0, 1000).normalize('NFKC').trim().toLowerCase();

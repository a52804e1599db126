import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { quotaAddress } from './address';
import { quotaExceeded, showQuota } from './quota-answer';
import { QuotaPolicies } from './quota-policy';
import { QuotaStore } from './quota-store';

/**
 * Requests without a valid token, counted for each address before anything is spent on verifying one.
 *
 * A blocked address stays open for tokens that were accepted lately: behind one address may stand a whole site, and one
 * terminal with an expired token must not take the other terminals down. The memory of a token opens nothing by itself,
 * the token is verified as ever; so the end of its text is enough to recognise it.
 */
@Injectable()
export class AnonymousQuota {
  private readonly accepted = new LRUCache<string, true>({ max: 20_000 });
  private readonly renewals = new WeakMap<FastifyRequest, string>();

  constructor(
    private readonly store: QuotaStore,
    private readonly policies: QuotaPolicies,
  ) {}

  /** A request that brings no token takes one; throws the 429. */
  take(request: FastifyRequest, reply: FastifyReply): void {
    const decision = this.store.take(this.policies.anonymous, quotaAddress(request));
    if (!decision.allowed) throw quotaExceeded(decision);
    showQuota(reply, decision);
  }

  /** As take(), and given back when the request succeeds. */
  takeUnlessRenewed(request: FastifyRequest, reply: FastifyReply): void {
    this.take(request, reply);
    this.renewals.set(request, quotaAddress(request));
  }

  /** A request that brings a token takes nothing yet, but an address that has nothing left is refused unverified. */
  check(request: FastifyRequest, authorization: string): void {
    const decision = this.store.peek(this.policies.anonymous, quotaAddress(request));
    if (!decision.allowed && !this.accepted.has(tail(authorization))) throw quotaExceeded(decision);
  }

  /** The token was accepted. */
  remember(authorization: string): void {
    const token = tail(authorization);
    if (this.accepted.get(token) === undefined) this.accepted.set(token, true);
  }

  /** The token was no good: counts like a request without one. */
  failed(request: FastifyRequest): void {
    if (!this.policies.on) return;
    this.store.take(this.policies.anonymous, quotaAddress(request));
  }

  /** How a request ended that was taken for a renewal. */
  settle(request: FastifyRequest, status: number): void {
    const address = this.renewals.get(request);
    if (address !== undefined && status < 400) this.store.giveBack(this.policies.anonymous, address);
    this.renewals.delete(request);
  }
}

/** 32 characters of a signature or a secret: enough to tell tokens apart, useless to whoever reads the memory. */
function tail(authorization: string): string {
  return authorization.slice(-32);
}

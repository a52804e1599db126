import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Problem } from '../http/problems/problem';
import { quotaAddress } from './address';
import { quotaExceeded, showQuota } from './quota-answer';
import { QuotaPolicies, type QuotaPolicy } from './quota-policy';
import { QuotaStore } from './quota-store';
import { routeKind } from './route-kind';

interface Counter {
  readonly policy: QuotaPolicy;
  readonly key: string;
}

/**
 * Requests without a valid token, counted for each address with their first lines: before a byte of the body is read, and before
 * anything is spent on verifying a token.
 *
 * A blocked address stays open for tokens that were accepted lately: behind one address may stand a whole site, and one
 * terminal with an expired token must not take the other terminals down. The memory of a token opens nothing by itself,
 * the token is verified as ever; so the end of its text is enough to recognise it.
 *
 * A body is read before anybody knows who sent it. So it is reserved as one that cannot be read, and given back once it was:
 * counting afterwards would let a thousand at once pass, and whoever hangs up would never be counted.
 */
@Injectable()
export class AnonymousQuota {
  private readonly accepted = new LRUCache<string, true>({ max: 20_000 });
  private readonly bodies = new WeakMap<FastifyRequest, readonly Counter[]>();
  private readonly renewals = new WeakMap<FastifyRequest, string>();

  constructor(
    private readonly store: QuotaStore,
    private readonly policies: QuotaPolicies,
  ) {}

  /** Looks at the first lines of a request; throws the 429. */
  admit(request: FastifyRequest, reply: FastifyReply): void {
    if (!this.policies.on) return;
    switch (routeKind(request)) {
      case 'free':
      case 'terminal':
        break;
      case 'sign-in':
        this.admitSignIn(request);
        break;
      case 'renewal':
        this.take(request, reply);
        this.renewals.set(request, quotaAddress(request));
        break;
      case 'ordinary':
        if (!request.headers.authorization) this.take(request, reply);
        else if (hasBody(request)) this.reserve(request, this.counterOf(request, request.headers.authorization));
        else this.check(request, request.headers.authorization);
    }
  }

  /** A request that brings a token takes nothing yet, but a caller who has nothing left is refused unverified. */
  check(request: FastifyRequest, authorization: string): void {
    const { policy, key } = this.counterOf(request, authorization);
    const decision = this.store.peek(policy, key);
    if (!decision.allowed) throw quotaExceeded(decision);
  }

  /** The first lines were enough to refuse the request, as for an unknown route: it counts like a body that cannot be read. Answers the 429. */
  refused(request: FastifyRequest): Problem | undefined {
    if (!this.policies.on) return undefined;
    const { policy, key } = this.counterOf(request, request.headers.authorization ?? '');
    const decision = this.store.take(policy, key);
    return decision.allowed ? undefined : quotaExceeded(decision);
  }

  /** The body could be read, or there was none. */
  bodyRead(request: FastifyRequest): void {
    const reserved = this.bodies.get(request);
    if (reserved === undefined) return;
    for (const { policy, key } of reserved) this.store.giveBack(policy, key);
    this.bodies.delete(request);
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

  /** Where the bad bodies of a caller count: a token that was accepted lately speaks for itself alone, any other for its address. */
  private counterOf(request: FastifyRequest, authorization: string): Counter {
    const token = tail(authorization);
    return this.accepted.has(token)
      ? { policy: this.policies.authenticated, key: token }
      : { policy: this.policies.anonymous, key: quotaAddress(request) };
  }

  /**
   * A sign-in whose body cannot be read counts like any anonymous request, but an address that has used those up may still sign in,
   * since a site of people with expired tokens has to: what closes the sign-in is as many of its own.
   */
  private admitSignIn(request: FastifyRequest): void {
    const address = quotaAddress(request);
    const policy = this.policies.anonymous;
    const ofSignIn = { policy, key: `sign-in ${address}` };
    this.reserve(request, ofSignIn);
    if (this.store.take(policy, address).allowed) this.bodies.set(request, [ofSignIn, { policy, key: address }]);
  }

  private reserve(request: FastifyRequest, body: Counter): void {
    const decision = this.store.take(body.policy, body.key);
    if (!decision.allowed) throw quotaExceeded(decision);
    this.bodies.set(request, [body]);
  }

  /** A request that brings no token takes one. */
  private take(request: FastifyRequest, reply: FastifyReply): void {
    const decision = this.store.take(this.policies.anonymous, quotaAddress(request));
    if (!decision.allowed) throw quotaExceeded(decision);
    showQuota(reply, decision);
  }
}

const hasBody = ({ headers }: FastifyRequest) =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

/** 32 characters of a signature or a secret: enough to tell tokens apart, useless to whoever reads the memory. */
function tail(authorization: string): string {
  return authorization.slice(-32);
}

import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Problem } from '../http/problems/problem';
import { quotaAddress } from './address';
import { quotaExceeded, showQuota } from './quota-answer';
import { QuotaPolicies, type QuotaPolicy } from './quota-policy';
import { type QuotaDecision, QuotaStore } from './quota-store';
import { routeKind } from './route-kind';
import { SharedQuotas } from './shared-quotas';

/** A key, and who counts it: this process, or all of them together. */
interface Counter {
  readonly by: Pick<QuotaStore, 'giveBack'> & Record<'take' | 'peek', Look>;
  readonly policy: QuotaPolicy;
  readonly key: string;
}

type Look = (policy: QuotaPolicy, key: string) => QuotaDecision | Promise<QuotaDecision>;
/** Nothing to wait for, unless the answer is with the other replicas. */
type Wait = Promise<void> | undefined;

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
 *
 * Addresses are counted by all replicas together. A token that this process has accepted lately is counted here alone, so that its requests
 * wait for nobody.
 */
@Injectable()
export class AnonymousQuota {
  private readonly accepted = new LRUCache<string, true>({ max: 20_000 });
  private readonly bodies = new WeakMap<FastifyRequest, readonly Counter[]>();
  private readonly renewals = new WeakMap<FastifyRequest, string>();

  constructor(
    private readonly store: QuotaStore,
    private readonly shared: SharedQuotas,
    private readonly policies: QuotaPolicies,
  ) {}

  /** Looks at the first lines of a request; throws the 429, or rejects with it. */
  admit(request: FastifyRequest, reply: FastifyReply): Wait {
    if (!this.policies.on) return undefined;
    switch (routeKind(request)) {
      case 'free':
      case 'terminal':
        return undefined;
      case 'sign-in':
        return this.admitSignIn(request);
      case 'renewal':
        this.renewals.set(request, quotaAddress(request));
        return this.take(request, reply);
      case 'ordinary':
        if (!request.headers.authorization) return this.take(request, reply);
        if (hasBody(request)) return this.reserve(request, this.counterOf(request, request.headers.authorization));
        return this.check(request, request.headers.authorization);
    }
  }

  /** A request that brings a token takes nothing yet, but a caller who has nothing left is refused unverified. */
  check(request: FastifyRequest, authorization: string): Wait {
    const { by, policy, key } = this.counterOf(request, authorization);
    return after(by.peek(policy, key), assertAllowed);
  }

  /** The first lines were enough to refuse the request, as for an unknown route: it counts like a body that cannot be read. Answers the 429. */
  async refused(request: FastifyRequest): Promise<Problem | undefined> {
    if (!this.policies.on) return undefined;
    const { by, policy, key } = this.counterOf(request, request.headers.authorization ?? '');
    const decision = await by.take(policy, key);
    return decision.allowed ? undefined : quotaExceeded(decision);
  }

  /** The body could be read, or there was none. */
  bodyRead(request: FastifyRequest): void {
    const reserved = this.bodies.get(request);
    if (reserved === undefined) return;
    for (const { by, policy, key } of reserved) by.giveBack(policy, key);
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
    void this.shared.take(this.policies.anonymous, quotaAddress(request));
  }

  /** How a request ended that was taken for a renewal. */
  settle(request: FastifyRequest, status: number): void {
    const address = this.renewals.get(request);
    if (address !== undefined && status < 400) this.shared.giveBack(this.policies.anonymous, address);
    this.renewals.delete(request);
  }

  /** Where the bad bodies of a caller count: a token that was accepted lately speaks for itself alone, any other for its address. */
  private counterOf(request: FastifyRequest, authorization: string): Counter {
    const token = tail(authorization);
    return this.accepted.has(token)
      ? { by: this.store, policy: this.policies.authenticated, key: token }
      : { by: this.shared, policy: this.policies.anonymous, key: quotaAddress(request) };
  }

  /**
   * A sign-in whose body cannot be read counts like any anonymous request, but an address that has used those up may still sign in,
   * since a site of people with expired tokens has to: what closes the sign-in is as many of its own.
   */
  private async admitSignIn(request: FastifyRequest): Promise<void> {
    const policy = this.policies.anonymous;
    const ofAddress = { by: this.shared, policy, key: quotaAddress(request) };
    const ofSignIn = { ...ofAddress, key: `sign-in ${ofAddress.key}` };
    const [signIn, address] = await Promise.all([ofSignIn, ofAddress].map(({ key }) => this.shared.take(policy, key)));
    const taken = [...(signIn?.allowed ? [ofSignIn] : []), ...(address?.allowed ? [ofAddress] : [])];
    if (signIn?.allowed) this.bodies.set(request, taken);
    else for (const { key } of taken) this.shared.giveBack(policy, key);
    if (signIn) assertAllowed(signIn);
  }

  private reserve(request: FastifyRequest, body: Counter): Wait {
    return after(body.by.take(body.policy, body.key), (decision) => {
      assertAllowed(decision);
      this.bodies.set(request, [body]);
    });
  }

  /** A request that brings no token takes one. */
  private async take(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const decision = await this.shared.take(this.policies.anonymous, quotaAddress(request));
    assertAllowed(decision);
    showQuota(reply, decision);
  }
}

/** At once where the decision is there: most requests have nothing to wait for. */
function after(decision: QuotaDecision | Promise<QuotaDecision>, then: (decision: QuotaDecision) => void): Wait {
  if (decision instanceof Promise) return decision.then(then);
  then(decision);
  return undefined;
}

function assertAllowed(decision: QuotaDecision): void {
  if (!decision.allowed) throw quotaExceeded(decision);
}

const hasBody = ({ headers }: FastifyRequest) =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

/** 32 characters of a signature or a secret: enough to tell tokens apart, useless to whoever reads the memory. */
function tail(authorization: string): string {
  return authorization.slice(-32);
}

import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { accessOf } from '../auth/route-access';
import { AnonymousQuota } from './anonymous-quota';
import { ConcurrentRequests } from './concurrent-requests';
import { CreditQuotas } from './credit-quotas';
import { quotaExceeded, showQuota } from './quota-answer';
import { QuotaPolicies, type QuotaTier } from './quota-policy';
import type { QuotaDecision } from './quota-store';
import { routeKind } from './route-kind';
import { routeTier } from './route-tier';

/**
 * Registered AFTER authentication: the quotas of each principal, whatever the address, separate for each tenant, and how many requests
 * it may have under way.
 *
 * Not a ThrottlerGuard: that one reads the metadata of route and class, hashes a key and awaits several promises for every
 * request; this one decides on the spot, but for a burst. docs/decisions/0010-shared-quotas.md has the figures.
 */
@Injectable()
export class QuotaGuard implements CanActivate {
  private readonly tiers = new Map<string, QuotaTier | undefined>();

  constructor(
    private readonly quotas: CreditQuotas,
    private readonly policies: QuotaPolicies,
    private readonly anonymous: AnonymousQuota,
    private readonly concurrent: ConcurrentRequests,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): true | Promise<true> {
    if (!this.policies.on) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const { principal } = request;
    if (!principal || routeKind(request) === 'free') return true;
    if (request.headers.authorization) this.anonymous.remember(request.headers.authorization);
    this.concurrent.enter(request, principal);
    const reply = http.getResponse<FastifyReply>();
    const key = principal.tenantId + principal.userId;
    const take = (tier: QuotaTier) => this.quotas.take(this.policies.of(tier, principal.quotas[tier]), key);
    const general = take('requestsPerMinute');
    const tier = this.tierOf(request, context);
    if (tier !== undefined) return admitted(reply, general, () => take(tier));
    return general instanceof Promise ? general.then((late) => shown(reply, [late])) : shown(reply, [general]);
  }

  private tierOf(request: FastifyRequest, context: ExecutionContext): QuotaTier | undefined {
    const template = request.routeOptions.url ?? '';
    const route = `${request.method} ${template}`;
    if (!this.tiers.has(route))
      this.tiers.set(route, routeTier(request.method, template, accessOf(this.reflector, context)));
    return this.tiers.get(route);
  }
}

/** Of a route with a quota of its own, both; the second is not asked where the first refuses. */
async function admitted(
  reply: FastifyReply,
  general: QuotaDecision | Promise<QuotaDecision>,
  more: () => QuotaDecision | Promise<QuotaDecision>,
): Promise<true> {
  const first = await general;
  return shown(reply, first.allowed ? [first, await more()] : [first]);
}

function shown(reply: FastifyReply, decisions: readonly QuotaDecision[]): true {
  for (const decision of decisions) if (!decision.allowed) throw quotaExceeded(decision);
  showQuota(reply, ...decisions);
  return true;
}

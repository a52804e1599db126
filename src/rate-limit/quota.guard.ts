import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AnonymousQuota } from './anonymous-quota';
import { CreditQuotas } from './credit-quotas';
import { quotaExceeded, showQuota } from './quota-answer';
import { QuotaPolicies } from './quota-policy';
import type { QuotaDecision } from './quota-store';
import { routeKind } from './route-kind';

/**
 * Registered AFTER authentication: the quota of each principal, whatever the address, separate for each tenant.
 *
 * Not a ThrottlerGuard: that one reads the metadata of route and class, hashes a key and awaits several promises for every
 * request; this one decides on the spot, but for a burst. docs/decisions/0010-shared-quotas.md has the figures.
 */
@Injectable()
export class QuotaGuard implements CanActivate {
  constructor(
    private readonly quotas: CreditQuotas,
    private readonly policies: QuotaPolicies,
    private readonly anonymous: AnonymousQuota,
  ) {}

  canActivate(context: ExecutionContext): true | Promise<true> {
    if (!this.policies.on) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const { principal } = request;
    if (!principal || routeKind(request) === 'free') return true;
    if (request.headers.authorization) this.anonymous.remember(request.headers.authorization);
    const decision = this.quotas.take(this.policies.authenticated, principal.tenantId + principal.userId);
    const reply = http.getResponse<FastifyReply>();
    return decision instanceof Promise ? decision.then((late) => admitted(late, reply)) : admitted(decision, reply);
  }
}

function admitted(decision: QuotaDecision, reply: FastifyReply): true {
  if (!decision.allowed) throw quotaExceeded(decision);
  showQuota(reply, decision);
  return true;
}

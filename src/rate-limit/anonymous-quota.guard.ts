import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AnonymousQuota } from './anonymous-quota';
import { showQuota } from './quota-answer';
import { QuotaPolicies } from './quota-policy';
import { routeKind } from './route-kind';
import { SignInQuota } from './sign-in-quota';

/** Registered BEFORE authentication: refuses by address, before a signature or a password is verified. */
@Injectable()
export class AnonymousQuotaGuard implements CanActivate {
  constructor(
    private readonly anonymous: AnonymousQuota,
    private readonly signIn: SignInQuota,
    private readonly policies: QuotaPolicies,
  ) {}

  canActivate(context: ExecutionContext): true {
    if (!this.policies.on) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    switch (routeKind(context, request)) {
      case 'free':
      case 'terminal':
        break;
      case 'sign-in':
        this.tryToSignIn(request, http.getResponse<FastifyReply>());
        break;
      case 'renewal':
        this.anonymous.takeUnlessRenewed(request, http.getResponse<FastifyReply>());
        break;
      case 'ordinary':
        this.ordinary(request, http.getResponse<FastifyReply>());
    }
    return true;
  }

  private tryToSignIn(request: FastifyRequest, reply: FastifyReply): void {
    const decision = this.signIn.check(request, emailOf(request.body));
    if (decision) showQuota(reply, decision);
  }

  private ordinary(request: FastifyRequest, reply: FastifyReply): void {
    const { authorization } = request.headers;
    if (authorization) this.anonymous.check(request, authorization);
    else this.anonymous.take(request, reply);
  }
}

/** Not validated yet: whatever is no text is left to the validation, and counts for the address alone. */
function emailOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'email' in body ? body.email : undefined;
}

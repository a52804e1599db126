import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { showQuota } from './quota-answer';
import { routeKind } from './route-kind';
import { SignInQuota } from './sign-in-quota';

/** Registered BEFORE authentication: refuses guesses by account and by address before a password is verified. */
@Injectable()
export class SignInQuotaGuard implements CanActivate {
  constructor(private readonly signIn: SignInQuota) {}

  async canActivate(context: ExecutionContext): Promise<true> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    if (routeKind(request) !== 'sign-in') return true;
    const decision = await this.signIn.check(request, emailOf(request.body));
    if (decision) showQuota(http.getResponse<FastifyReply>(), decision);
    return true;
  }
}

/** Not validated yet: whatever is no text is left to the validation, and counts for the address alone. */
function emailOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'email' in body ? body.email : undefined;
}

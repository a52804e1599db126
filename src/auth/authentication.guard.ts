import { type CanActivate, type ExecutionContext, Injectable, Logger } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter } from 'prom-client';
import type { FastifyRequest } from 'fastify';
import { readDatesIn } from '../http/input/dates';
import { Problem } from '../http/problems/problem';
import { bearerOf } from './bearer';
import { PrincipalDirectory } from './principal-directory';
import type { Principal } from './principal';
import { tokenRefused } from './refusals';
import { accessOf } from './route-access';
import { TokenVerifier } from './token-verifier';

/**
 * Who are you? Decided by the bearer token alone; a token in the query string or a cookie does not exist for us. The usual
 * request meets a token and a person that are both remembered, and passes without a promise.
 *
 * X-Tenant-Id never chooses a tenant: the token does. Platform operators may send it, and it changes nothing for them
 * either, because they see nothing inside tenants; on anybody else's request it is counted, and logged when it disagrees.
 */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  private readonly log = new Logger(AuthenticationGuard.name);
  private readonly admitted: { inc(): void };
  private readonly refused: { inc(): void };

  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenVerifier,
    private readonly directory: PrincipalDirectory,
    @InjectMetric('auth_attempts_total') attempts: Counter<'kind' | 'result'>,
    @InjectMetric('tenant_header_ignored_total') private readonly tenantHeaderIgnored: Counter,
  ) {
    this.admitted = attempts.labels({ kind: 'token', result: 'success' });
    this.refused = attempts.labels({ kind: 'token', result: 'failure' });
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (accessOf(this.reflector, context)?.kind === 'public') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const token = bearerOf(request);
    if (typeof token !== 'string') throw this.counted(token);
    const identity = this.tokens.peek(token);
    const principal = identity && this.directory.peek(identity.tenantId, identity.userId);
    return principal ? this.admit(request, principal) : this.ask(request, token);
  }

  private async ask(request: FastifyRequest, token: string): Promise<boolean> {
    try {
      const { tenantId, userId } = this.tokens.peek(token) ?? (await this.tokens.verify(token));
      const principal = await this.directory.find(tenantId, userId);
      if (!principal) throw tokenRefused('the person or the tenant is not active');
      return this.admit(request, principal);
    } catch (error) {
      // An outage of ours says nothing about the token.
      if (error instanceof Problem && error.status === 401) this.refused.inc();
      throw error;
    }
  }

  private admit(request: FastifyRequest, principal: Principal): true {
    this.admitted.inc();
    request.principal = principal;
    readDatesIn(principal.timeZone, request);
    const wanted = request.headers['x-tenant-id'];
    if (wanted !== undefined && !principal.permissions.has('platform:admin')) {
      this.tenantHeaderIgnored.inc();
      if (wanted !== principal.tenantId && wanted !== principal.tenantSlug) {
        this.log.warn({
          msg: 'X-Tenant-Id ignored: it names another tenant than the token',
          requestId: request.id,
          tenantId: principal.tenantId,
          userId: principal.userId,
        });
      }
    }
    return true;
  }

  private counted(problem: Problem): Problem {
    this.refused.inc();
    return problem;
  }
}

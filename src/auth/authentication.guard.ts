import { type CanActivate, type ExecutionContext, Injectable, Logger } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter } from 'prom-client';
import type { FastifyRequest } from 'fastify';
import { readDatesIn } from '../http/input/dates';
import { Problem } from '../http/problems/problem';
import { isApiKey } from './api-key';
import { bearerOf } from './bearer';
import { KeyAuthentication } from './key-authentication';
import { PrincipalDirectory } from './principal-directory';
import type { Principal } from './principal';
import { tokenRefused } from './refusals';
import { accessOf } from './route-access';
import { TokenVerifier } from './token-verifier';

/** How often one way in let somebody in, and how often it did not. */
type Counted = Readonly<Record<'admitted' | 'refused', { inc(): void }>>;

/**
 * Who are you? Decided by the bearer token alone, which is an access token or an API key; a token in the query string or a cookie does not exist for us. The usual
 * request meets a token and a person that are both remembered, and passes without a promise.
 *
 * X-Tenant-Id never chooses a tenant: the token does. Platform operators may send it, and it changes nothing for them
 * either, because they see nothing inside tenants; on anybody else's request it is counted, and logged when it disagrees.
 */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  private readonly log = new Logger(AuthenticationGuard.name);
  private readonly byToken: Counted;
  private readonly byKey: Counted;

  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: TokenVerifier,
    private readonly directory: PrincipalDirectory,
    private readonly keys: KeyAuthentication,
    @InjectMetric('auth_attempts_total') attempts: Counter<'kind' | 'result'>,
    @InjectMetric('tenant_header_ignored_total') private readonly tenantHeaderIgnored: Counter,
  ) {
    const counted = (kind: string): Counted => ({
      admitted: attempts.labels({ kind, result: 'success' }),
      refused: attempts.labels({ kind, result: 'failure' }),
    });
    this.byToken = counted('token');
    this.byKey = counted('api_key');
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (accessOf(this.reflector, context)?.kind === 'public') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const token = bearerOf(request);
    if (typeof token !== 'string') throw this.counted(token);
    if (isApiKey(token)) {
      const key = this.keys.peek(token);
      return key ? this.admit(request, key, this.byKey) : this.ask(request, this.keys.admit(token), this.byKey);
    }
    const identity = this.tokens.peek(token);
    const principal = identity && this.directory.peek(identity.tenantId, identity.userId);
    return principal && !principal.key
      ? this.admit(request, principal, this.byToken)
      : this.ask(request, this.verified(token), this.byToken);
  }

  private async verified(token: string): Promise<Principal> {
    const { tenantId, userId } = this.tokens.peek(token) ?? (await this.tokens.verify(token));
    const principal = await this.directory.find(tenantId, userId);
    // A key is let in by its secret: a token in its name is none of ours.
    if (!principal || principal.key) throw tokenRefused('the person or the tenant is not active');
    return principal;
  }

  private async ask(request: FastifyRequest, question: Promise<Principal>, counted: Counted): Promise<boolean> {
    try {
      return this.admit(request, await question, counted);
    } catch (error) {
      // An outage of ours says nothing about the token.
      if (error instanceof Problem && error.status === 401) counted.refused.inc();
      throw error;
    }
  }

  private admit(request: FastifyRequest, principal: Principal, { admitted }: Counted): true {
    admitted.inc();
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
    this.byToken.refused.inc();
    return problem;
  }
}

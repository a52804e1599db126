import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../auth/principal';
import { Problem } from '../http/problem';
import { statedAddress } from '../http/request-target';
import { inNetworks } from './ip-networks';
import { IpRestricted } from './ip-restricted.decorator';

/**
 * Registered after authentication: on routes marked `@IpRestricted()`, admits callers from the networks that their tenant's
 * settings allow; a tenant that lists none has no rule. The address is the one that the trusted proxies saw: entries of
 * X-Forwarded-For that the client wrote itself are not looked at.
 */
@Injectable()
export class IpRulesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): true {
    if (!this.reflector.getAllAndOverride(IpRestricted, [context.getHandler(), context.getClass()])) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { allowedNetworks } = callerOf(request);
    if (allowedNetworks.length > 0 && !inNetworks(statedAddress(request), allowedNetworks))
      throw new Problem('IP_RESTRICTED', 'Your tenant allows this only from the networks in its settings.');
    return true;
  }
}

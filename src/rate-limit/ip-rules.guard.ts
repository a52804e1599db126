import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../auth/principal';
import { permissionsOf } from '../auth/roles';
import { accessOf } from '../auth/route-access';
import { Problem } from '../http/problems/problem';
import { statedAddress } from '../http/request/request-target';
import { inNetworks } from '../http/request/ip-networks';

/**
 * Registered after authentication: on routes that employees may not call, admits callers from the networks that their tenant's
 * settings allow; a tenant that lists none has no rule. Which routes follows from their policies, so that none can be forgotten.
 * What employees may call stays open to everybody: people punch from wherever they are. The address is the one that the trusted
 * proxies saw: entries of X-Forwarded-For that the client wrote itself are not looked at. An API key may have networks of its own, which
 * hold on every route.
 */
@Injectable()
export class IpRulesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): true {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { key } = request.principal ?? {};
    if (key && key.networks.length > 0 && !inNetworks(statedAddress(request), key.networks))
      throw new Problem('IP_RESTRICTED', 'This API key may be used only from the networks that it was given.');
    if (!this.isRestricted(context)) return true;
    const { allowedNetworks } = callerOf(request);
    if (allowedNetworks.length > 0 && !inNetworks(statedAddress(request), allowedNetworks))
      throw new Problem('IP_RESTRICTED', 'Your tenant allows this only from the networks in its settings.');
    return true;
  }

  private isRestricted(context: ExecutionContext): boolean {
    const access = accessOf(this.reflector, context);
    return access?.kind === 'permission' && !access.anyOf.some((permission) => ofEmployees.has(permission));
  }
}

const ofEmployees = new Set(permissionsOf(['employee']));

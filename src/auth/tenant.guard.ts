import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ACCESS, type Access } from './access.decorators';
import { PLATFORM_TENANT } from '../tenancy/platform-tenant';
import { Problem } from '../http/problems/problem';

/**
 * Refuses to run a tenant's route without a tenant. The platform's own tenant is not one: its operators manage tenants and
 * see nothing inside them, whatever roles somebody gave them, and whatever X-Tenant-Id says.
 */
@Injectable()
export class TenantGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access?.kind === 'public' || access?.kind === 'signed-in') return true;
    if (access?.anyOf.includes('platform:admin')) return true;
    const tenantId = context.switchToHttp().getRequest<FastifyRequest>().principal?.tenantId;
    if (tenantId && tenantId !== PLATFORM_TENANT) return true;
    throw new Problem('tenant_required', 'This belongs to a tenant. Sign in as one of its people.');
  }
}

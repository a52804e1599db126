import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { OPEN_TO_KEYS } from './access.decorators';
import { Problem } from '../http/problems/problem';
import { unauthenticated } from './refusals';
import { accessOf } from './route-access';

/**
 * May you? Closed unless the route says who may come in. What an API key may change is said a second time, route by route: decisions, rights, settings and
 * keys take a person, whatever permissions a key was given.
 */
@Injectable()
export class PermissionGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const access = accessOf(this.reflector, context);
    if (access?.kind === 'public') return true;
    const { principal } = context.switchToHttp().getRequest<FastifyRequest>();
    if (!principal) throw unauthenticated('This needs an access token.');
    if (principal.key && !this.isOpenToKeys(context)) throw takesPerson();
    if (access?.kind === 'signed-in') return true;
    if (access?.anyOf.some((permission) => principal.permissions.has(permission))) return true;
    throw new Problem(
      'forbidden',
      access ? `This needs the permission ${access.anyOf.join(' or ')}.` : 'This is not open to anybody.',
    );
  }

  private isOpenToKeys(context: ExecutionContext): boolean {
    const { method } = context.switchToHttp().getRequest<FastifyRequest>();
    return method === 'GET' || method === 'HEAD' || Reflect.hasMetadata(OPEN_TO_KEYS, context.getHandler());
  }
}

const takesPerson = () => new Problem('forbidden', 'This takes a person: an API key may not do it. Sign in.');

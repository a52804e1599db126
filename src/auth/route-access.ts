import type { ExecutionContext, INestApplicationContext } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ACCESS, type Access } from './access.decorators';

/**
 * The matrix of roles and operations is not written down a second time: a route states the permissions that open it
 * (`@Allow`), a role is a bundle of permissions (roles.ts), and a cell is their intersection. What a route may show of the
 * objects behind it (own, in scope, all) is the service's business; an object outside that scope is 404, a route without
 * the permission is 403, and a route that states nothing is closed, and keeps the server from starting.
 */
export function accessOf(reflector: Reflector, context: ExecutionContext): Access | undefined {
  return reflector.getAllAndOverride<Access | undefined>(ACCESS, [context.getHandler(), context.getClass()]);
}

/** Throws, naming them, when there are route handlers without a policy. Call it before the server listens. */
export function assertEveryRouteHasAccess(app: INestApplicationContext): void {
  const discovery = app.get(DiscoveryService, { strict: false });
  const reflector = app.get(Reflector, { strict: false });
  const scanner = new MetadataScanner();
  const open = discovery.getControllers().flatMap(({ metatype }) => {
    if (typeof metatype !== 'function') return [];
    const prototype = metatype.prototype as Record<string, unknown>;
    return scanner
      .getAllMethodNames(prototype)
      .filter((name) => {
        const handler = prototype[name];
        // 'method' is where Nest keeps the HTTP method of a handler; only handlers have it.
        if (typeof handler !== 'function' || !Reflect.hasMetadata('method', handler)) return false;
        return (
          reflector.getAllAndOverride<Access | undefined>(ACCESS, [
            handler as () => unknown,
            metatype as () => unknown,
          ]) === undefined
        );
      })
      .map((name) => `${metatype.name}.${name}`);
  });
  if (open.length > 0) throw new Error(`Routes without @Public, @SignedIn or @Allow: ${open.join(', ')}`);
}

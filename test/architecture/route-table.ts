import { DiscoveryService, MetadataScanner, ModuleRef } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import { AUDITED } from '../../src/audit/ledger/audited.decorator';
import { ACCESS, type Access, OPEN_TO_KEYS } from '../../src/auth/access.decorators';
import { NO_REPLAY } from '../../src/idempotency/no-replay.decorator';
import type { TestServer } from '../support/server';

export interface Route {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly audited: boolean;
  readonly replayed: boolean;
  readonly access: Access | undefined;
  readonly openToKeys: boolean;
}

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'ALL', 'OPTIONS', 'HEAD'];

/** The route table as Nest knows it, read from the controllers themselves. */
export function routesOf(server: TestServer): Route[] {
  const discovery = server.app.get(ModuleRef).get(DiscoveryService, { strict: false });
  return discovery.getControllers().flatMap(({ metatype }) => {
    if (typeof metatype !== 'function') return [];
    const prefix = pathsOf(metatype);
    const prototype = metatype.prototype as Record<string, object>;
    return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
      const handler = prototype[name] ?? {};
      if (!Reflect.hasMetadata('method', handler)) return [];
      const method = methods[Reflect.getMetadata('method', handler) as number] ?? '';
      return prefix.flatMap((base) =>
        pathsOf(handler).map((own) => {
          const path = `/${[base, own]
            .flatMap((part) => part.split('/'))
            .filter(Boolean)
            .join('/')}`;
          return {
            name: `${method} ${path}`,
            method,
            path,
            audited: Reflect.hasMetadata(AUDITED, handler),
            openToKeys: Reflect.hasMetadata(OPEN_TO_KEYS, handler),
            replayed: !Reflect.hasMetadata(NO_REPLAY, handler),
            access: (Reflect.getMetadata(ACCESS, handler) ?? Reflect.getMetadata(ACCESS, metatype)) as
              Access | undefined,
          };
        }),
      );
    });
  });
}

const pathsOf = (target: object): string[] => [Reflect.getMetadata('path', target) as string | string[]].flat();
export const changes = (route: Route) => route.method !== 'GET';
export const concrete = (path: string) => path.replaceAll(/:\w+/g, () => randomUUID());

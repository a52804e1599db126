import type { ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/**
 * How a route counts before we know who calls:
 *   free      probes, version and metrics: never limited, or the limiter would take the server out of rotation
 *   sign-in   governed by the login quotas, which count failures only
 *   terminal  says a serial number: has a quota of its own once it is known, and counts as anonymous while it is not
 *   renewal   a refresh token is a credential: counts as anonymous only when it was refused
 *   ordinary  everything else
 */
export type RouteKind = 'free' | 'sign-in' | 'renewal' | 'terminal' | 'ordinary';

const probes = /^\/(health(\/.*)?|healthz|ready|metrics(\/.*)?|api\/version)$/;
const kinds = new WeakMap<object, RouteKind>();

/**
 * Read off the route template, not the address that was asked for: the router decides whether `/api//auth/login` is the
 * sign-in, and a quota that decides otherwise can be walked around. Once for each handler, because Fastify builds the
 * route options anew on every access.
 */
export function routeKind(context: ExecutionContext, request: FastifyRequest): RouteKind {
  const handler = context.getHandler();
  const known = kinds.get(handler);
  if (known) return known;
  const kind = kindOf(request.routeOptions.url ?? '');
  kinds.set(handler, kind);
  return kind;
}

function kindOf(template: string): RouteKind {
  if (probes.test(template)) return 'free';
  if (template.startsWith('/iclock/')) return 'terminal';
  if (template === '/api/auth/login') return 'sign-in';
  if (template === '/api/auth/refresh-token') return 'renewal';
  return 'ordinary';
}

import type { FastifyRequest } from 'fastify';

/**
 * How a route counts before we know who calls:
 *   free      probes, version and metrics: never limited, or the limiter would take the server out of rotation
 *   sign-in   governed by the login quotas, which count failures only
 *   terminal  says a serial number: has a quota of its own once it is known, and counts as anonymous while it is not
 *   renewal   a refresh token is a credential: counts as anonymous only when it was refused
 *   ordinary  everything else
 */
type RouteKind = 'free' | 'sign-in' | 'renewal' | 'terminal' | 'ordinary';

const probes = /^\/(health(\/.*)?|healthz|ready|metrics(\/.*)?|api\/version)$/;
const kinds = new Map<string, RouteKind>();

/**
 * Read off the route template, not the address that was asked for: the router decides whether `/api//auth/login` is the
 * sign-in, and a quota that decides otherwise can be walked around. There are only as many templates as routes.
 */
export function routeKind(request: FastifyRequest): RouteKind {
  const template = request.routeOptions.url ?? '';
  const known = kinds.get(template);
  if (known) return known;
  const kind = kindOf(template);
  kinds.set(template, kind);
  return kind;
}

function kindOf(template: string): RouteKind {
  if (probes.test(template)) return 'free';
  if (template.startsWith('/iclock/')) return 'terminal';
  if (template === '/api/auth/login') return 'sign-in';
  if (template === '/api/auth/refresh-token') return 'renewal';
  return 'ordinary';
}

import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** The path of a request target, without query and, for the absolute form (`GET http://host/path`), without the host. */
export function pathOf(target: string): string {
  const end = target.search(/[?#]/);
  const path = end < 0 ? target : target.slice(0, end);
  return path.startsWith('/') ? path : path.replace(/^[a-z]+:\/\/[^/]*/i, '') || '/';
}

/** The template of the matched route (`/api/punches/:id`), or undefined where no route matched. Safe as a metric label. */
export function templateOf(request: FastifyRequest): string | undefined {
  return request.is404 ? undefined : request.routeOptions.url;
}

/** Probes and metrics must answer exactly when everything else does not. */
export function isProbe(request: FastifyRequest): boolean {
  return /^\/(?:health|healthz|ready|metrics)(?:\/|$)/.test(templateOf(request) ?? '');
}

/**
 * The address of the client for logs, quotas and the trails. With more trusted hops configured than proxies in front, the
 * entry of X-Forwarded-For that counts was written by the client and may hold anything; what is no address is not believed.
 */
export function clientAddress(request: FastifyRequest): string {
  const address = request.ip;
  const plain = address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
  return isIP(plain) === 0 ? (request.socket.remoteAddress ?? '0.0.0.0') : plain;
}

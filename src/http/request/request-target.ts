import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';

/** The path of a request target, without query and, for the absolute form (`GET http://host/path`), without the host. */
export function pathOf(target: string): string {
  const end = target.search(/[?#]/);
  const path = end < 0 ? target : target.slice(0, end);
  return path.startsWith('/') ? path : path.replace(/^[a-z]+:\/\/[^/]*/i, '') || '/';
}

/**
 * The address that the router is given: the one that was sent, or `/%` where a percent-encoding in its path is none (`%zz`, `%ff`). The
 * router would answer such a request by itself, past every hook; so it finds no route, and admission.ts sees that the address was another.
 */
export function routable({ url = '/' }: { readonly url?: string | undefined }): string {
  if (!url.includes('%')) return url;
  try {
    decodeURI(pathOf(url));
    return url;
  } catch {
    return '/%25';
  }
}

/** The template of the matched route (`/api/punches/:id`), or undefined where no route matched. Safe as a metric label. */
export function templateOf(request: FastifyRequest): string | undefined {
  return request.is404 ? undefined : request.routeOptions.url;
}

/**
 * Whether a path that matched a route is written like it. The router decodes a path first, so that `/%61pi` leads to `/api`, past a proxy's
 * rule about `/api`: the fixed parts of a route have one spelling. Parameters may be encoded however the client's library does it.
 */
export function isSpeltAs(template: string, path: string): boolean {
  if (!path.includes('%')) return true;
  const sent = path.split('/');
  const fixed = template.split('/').filter((part) => !part.includes('*'));
  return fixed.every((part, index) => part.startsWith(':') || part === sent[index]);
}

/** Probes and metrics must answer exactly when everything else does not. */
export function isProbe(request: FastifyRequest): boolean {
  return /^\/(?:health|healthz|ready|metrics)(?:\/|$)/.test(templateOf(request) ?? '');
}

/**
 * The address of the client for logs, quotas and the trails. Where the trusted proxies state none, it is that of the socket; requests whose socket
 * is gone share one.
 */
export function clientAddress(request: FastifyRequest): string {
  return statedAddress(request) ?? addressIn(request.socket.remoteAddress) ?? '0.0.0.0';
}

/**
 * The address as the trusted proxies state it, for rules that admit by it; undefined when it cannot be read. With more trusted hops configured
 * than proxies in front, the entry of X-Forwarded-For that counts was written by the client and may hold anything.
 */
export function statedAddress(request: FastifyRequest): string | undefined {
  return addressIn(request.ip);
}

/** `a.b.c.d:port` and `[v6]:port`, as some load balancers write them, and `[v6]`. */
const withPort = /^(?:\[([^[\]]{2,64})\]|([\d.]{7,15}))(?::\d{1,5})?$/;

/** One spelling for each address: without port and zone, an IPv4 client of a dual-stack socket as IPv4. */
function addressIn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const [, bracketed, dotted] = withPort.exec(text) ?? [];
  const [bare = ''] = (bracketed ?? dotted ?? text).split('%', 1);
  return isIP(bare) === 0 ? undefined : ipaddr.process(bare).toString();
}

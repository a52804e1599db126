import type { FastifyReply, FastifyRequest } from 'fastify';
import { templateOf } from '../request/request-target';

/** Nothing that we answer as data is ever a document; a browser that is tricked into showing it may load nothing. */
const dataPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Pages of our own: scripts from here only and none inline; inline styles because Swagger UI's page carries some. */
const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
  "connect-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/**
 * What helmet sets with these policies, as a list: the fourteenth of its headers is the absence of X-Powered-By. helmet
 * works the same values out again in fourteen functions for every request, which costs more than our routing; the list
 * costs one loop, and a test holds it against the real helmet. Strict-Transport-Security stands in every answer, as
 * helmet has it: a browser ignores it over plain HTTP, and behind a TLS proxy we could not tell anyway.
 */
export const securityHeaders = {
  'content-security-policy': dataPolicy,
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'SAMEORIGIN',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
} as const;

/** Personal data must not outlive the answer in any cache. Routes that serve files of the product say otherwise themselves. */
const answerHeaders = { ...securityHeaders, 'cache-control': 'no-store' };
const pageHeaders = { ...answerHeaders, 'content-security-policy': pagePolicy };

/** Pages for people, as opposed to data. */
const isPage = (template: string | undefined) => template !== undefined && /^\/(?:docs|admin)(?:\/|$)/.test(template);

/** Sets what every answer carries, refusals included: the security headers, no-store and the request's id. */
export function setCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(isPage(templateOf(request)) ? pageHeaders : answerHeaders);
  reply.header('x-request-id', request.id);
  reply.header('x-correlation-id', request.id);
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../config/config';
import { InFlight } from './in-flight';
import { limits } from '../request/limits';
import { accepts } from '../request/negotiation';
import { Problem, notFound, unsupportedEncoding } from '../problems/problem';
import { isProbe, isSpeltAs, pathOf, templateOf } from '../request/request-target';
import { RouteMethods } from '../routes/route-methods';
import { setCommonHeaders } from './security-headers';

const json = ['application/json'] as const;

/**
 * Everything that can be said of a request from its first lines: the cheap refusals, in front of every token, quota and
 * body. One synchronous hook, because this is the path of every punch; the order is the order of architecture.md.
 */
export function admitRequests(server: FastifyInstance, config: Config): InFlight {
  const inFlight = new InFlight();
  const routes = new RouteMethods();
  const guardsTransport = config.production && config.TRUSTED_PROXIES > 0;

  server.addHook('onRoute', ({ method, url }) => {
    if (url !== '*') routes.add(method, url);
  });

  server.addHook('onRequest', (request, reply, done) => {
    setCommonHeaders(request, reply);
    inFlight.enter(request, reply);
    const isReadable = request.raw.url === request.originalUrl;
    request.raw.url = request.originalUrl; // logs, trails and problems say what was sent
    if (isReadable && request.method === 'OPTIONS' && !isPreflight(request))
      answerOptions(request, reply, routes, done);
    else if (inFlight.count > config.MAX_REQUESTS_IN_FLIGHT && !isProbe(request)) done(overloaded());
    else if (guardsTransport && request.protocol.toLowerCase() !== 'https' && !isProbe(request))
      answerPlainHttp(request, reply, done);
    else {
      const refused = refusal(request, routes, isReadable);
      if (!refused) done();
      else
        void server.countRefusal(request).then((exceeded) => {
          done(exceeded ?? refused);
        });
    }
  });

  server.addHook('onResponse', (request, _reply, done) => {
    inFlight.leave(request);
    done();
  });
  return inFlight;
}

/** A browser asking for permission is answered by CORS, before anybody asks for a token that it would not send. */
const isPreflight = ({ headers }: FastifyRequest) =>
  headers.origin !== undefined && headers['access-control-request-method'] !== undefined;

function answerOptions(
  request: FastifyRequest,
  reply: FastifyReply,
  routes: RouteMethods,
  done: (error?: Error) => void,
) {
  const allow = routes.of(pathOf(request.raw.url ?? '/'));
  if (allow.length === 0) done(notFound('route'));
  else void reply.code(204).header('allow', allow.join(', ')).send();
}

const overloaded = () =>
  new Problem('overloaded', 'The server is busy with other requests. Try again in a moment.', {
    headers: { 'retry-after': '1' },
  });

/**
 * Plain HTTP through the proxy, in production. A page is sent to its HTTPS address. An API call is refused instead of
 * redirected: its token has already crossed the network in the clear, and following the redirect would hide that for ever.
 * Probes do not come through the proxy and are not asked.
 */
function answerPlainHttp(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (!reads || pathOf(request.raw.url ?? '/').startsWith('/api/'))
    done(new Problem('forbidden', 'This service is used over HTTPS only. Change the address to https://.'));
  else void reply.redirect(`https://${request.host}${request.url}`, 308);
}

export const unreadableAddress = () => new Problem('bad_request', 'The address is not a valid URL.');

function refusal(request: FastifyRequest, routes: RouteMethods, isReadable: boolean): Problem | undefined {
  const { url = '/', rawHeaders, headers } = request.raw;
  if (url.length > limits.uriBytes)
    return new Problem('uri_too_long', `The address is longer than ${limits.uriBytes} bytes.`);
  if (rawHeaders.length > limits.headerCount * 2)
    return new Problem('headers_too_large', `The request has more than ${limits.headerCount} headers.`);
  if (misframed(request))
    return new Problem('bad_request', 'The request is not valid HTTP/1.1.', { headers: { connection: 'close' } });
  if (url.includes('%00')) return new Problem('bad_request', 'The address holds a NUL character (%00). Remove it.');
  if (!isReadable) return unreadableAddress();
  if (request.is404) return noRoute(request, routes);
  const template = templateOf(request) ?? '';
  if (!isSpeltAs(template, pathOf(url))) return notFound('route');
  const produces = request.routeOptions.config.produces ?? json;
  if (template.startsWith('/api/') && !accepts(headers.accept, produces))
    return new Problem('not_acceptable', `This route answers ${produces.join(' or ')}. Change the Accept header.`);
  if (comesEncoded(request)) return unsupportedEncoding();
  return undefined;
}

/** Nothing here unpacks a body: read as it came, a packed one would be a broken one, and a packed file a file without rows. */
function comesEncoded({ headers }: FastifyRequest): boolean {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || /^[\s,]*(?:identity[\s,]*)*$/i.test(encoding)) return false;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * What Node lets through although another server may read it otherwise: an encoding that is not `chunked`, no Host or
 * several, or one that is no host and port (RFC 9112, section 3.2).
 */
function misframed({ raw: { headers, rawHeaders, httpVersion } }: FastifyRequest): boolean {
  const encoding = headers['transfer-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'chunked') return true;
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
  return hosts > 1 || (hosts === 0 && httpVersion === '1.1') || !hostForm.test(headers.host ?? '');
}

/** `uri-host [ ":" port ]` (RFC 3986, section 3.2.2): a name, an IPv4 address or a bracketed IPv6 address; empty where the target has none. */
const hostForm = /^(?:\[[\da-f:.]+\]|[\w.~!$&'()*+;=%-]*)(?::\d*)?$/i;

function noRoute(request: FastifyRequest, routes: RouteMethods): Problem {
  const allow = routes.of(pathOf(request.raw.url ?? '/'));
  if (allow.length === 0) return notFound('route');
  const detail = `${request.method} is not offered here; ${allow.join(', ')} ${allow.length > 1 ? 'are' : 'is'}.`;
  return new Problem('method_not_allowed', detail, { headers: { allow: allow.join(', ') } });
}

import { FastifyAdapter } from '@nestjs/platform-fastify';
import { fastify, type FastifyInstance } from 'fastify';
import type { Config } from '../../config/config';
import { admitRequests, unreadableAddress } from './admission';
import { answerClientError, refuseConnect } from './client-errors';
import { allowOrigins } from './cors';
import { giveUpLate } from './deadline';
import { toProblem } from '../problems/failures';
import type { InFlight } from './in-flight';
import { takeJsonBodies } from '../body/json-body';
import { type ConnectionTimeouts, connectionTimeouts, limits } from '../request/limits';
import type { Problem } from '../problems/problem';
import { answerProblem } from '../problems/problem-answer';
import { requestIdOf } from '../request/request-id';
import { routable } from '../request/request-target';
import { setCommonHeaders } from './security-headers';
import { passStreams } from '../body/streamed-body';

declare module 'fastify' {
  interface FastifyInstance {
    /** For the gauge, and for the shutdown that waits until nothing is left. */
    inFlight: InFlight;
    /** Counts a request that is refused for its first lines; answers the 429 once its caller has none left. RateLimitModule sets it. */
    countRefusal: (request: FastifyRequest) => Promise<Problem | undefined>;
  }
}

type ErrorHandler = Parameters<FastifyInstance['setErrorHandler']>[0];

/**
 * Nest's adapter for a server that is complete before Nest sees it. Routes keep the error handler of the moment at which
 * they are registered, so one that passes on to Nest is there from the start: routes of plugins are refused like our own.
 */
class RollcallAdapter extends FastifyAdapter {
  private onError: ErrorHandler = (error, request, reply) => {
    answerProblem(request, reply, toProblem(error));
  };

  constructor(private readonly server: FastifyInstance) {
    super(server);
    server.setErrorHandler((error, request, reply): unknown => this.onError.call(server, error, request, reply));
  }

  override setErrorHandler(handler: ErrorHandler) {
    this.onError = handler;
    return this.server;
  }

  /** Nest's own parsers would stand beside ours; see takeJsonBodies(). */
  override registerParserMiddleware(): void {
    return;
  }
}

/**
 * The HTTP server. It is built here rather than by the adapter so that our hooks stand before Nest's and before every
 * middleware: whatever refuses a request, the answer carries its id and the security headers.
 */
export function httpAdapter(config: Config, timeouts: ConnectionTimeouts = connectionTimeouts): FastifyAdapter {
  const server = fastify({
    genReqId: requestIdOf,
    requestIdHeader: false,
    // A number would trust nobody since Fastify 5.12; each proxy in front adds one entry, and only those are believed.
    trustProxy: config.TRUSTED_PROXIES > 0 && ((_address: string, hop: number) => hop < config.TRUSTED_PROXIES),
    bodyLimit: config.BODY_LIMIT_BYTES,
    // Routes are matched as they are written: no second spelling of a path that a rule in front of us may have missed.
    routerOptions: {
      caseSensitive: true,
      ignoreTrailingSlash: false,
      ignoreDuplicateSlashes: false,
      // A long id is an unknown id (404); the length of the whole address is judged in admission.ts (414).
      maxParamLength: limits.uriBytes,
    },
    rewriteUrl: routable,
    requestTimeout: timeouts.request,
    keepAliveTimeout: timeouts.keepAlive,
    http: {
      insecureHTTPParser: false,
      // Node refuses a missing Host with an empty page of its own; admission.ts does it with ours.
      requireHostHeader: false,
      maxHeaderSize: limits.headerBytes,
      headersTimeout: timeouts.headers,
      connectionsCheckingInterval: timeouts.check,
    },
    // While draining, what still arrives is served and the connection closed; readiness has sent the rest elsewhere.
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    frameworkErrors: (_error, request, reply) => {
      // The router could not find a path in the address, so that no hook ran.
      setCommonHeaders(request, reply);
      answerProblem(request, reply, unreadableAddress());
    },
  });
  server.server.on('connect', (_request, socket) => {
    refuseConnect(socket);
  });
  prepare(server, config);
  return new RollcallAdapter(server);
}

function prepare(server: FastifyInstance, config: Config): void {
  server.decorateRequest('problem');
  server.decorate('countRefusal', () => Promise.resolve(undefined));
  const inFlight = admitRequests(server, config);
  server.decorate('inFlight', inFlight);
  giveUpLate(server, inFlight, config.REQUEST_DEADLINE_MS);
  allowOrigins(server, config);
  takeJsonBodies(server);
  passStreams(server);
}

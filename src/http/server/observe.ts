import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { HttpMetrics } from '../../metrics/instruments/http-metrics';
import type { DrainState } from '../lifecycle/drain';
import { currentRequest, followsRequests, requestLogger } from '../logging/logger';
import { serverFaults } from '../problems/problem';
import { isProbe } from '../request/request-target';

/** Probes and scrapes: too frequent to be of interest. */
const background = /^\/(health|healthz|ready|metrics)/;

/**
 * What is seen of every request, in one place: its context for log lines, its duration by route template, its refusal by code,
 * one line in the log, and a connection that is told to close while the server drains.
 */
export function observeRequests(
  fastify: FastifyInstance,
  metrics: HttpMetrics,
  drain: DrainState,
  logger: Logger,
): void {
  const requests = requestLogger(logger);
  metrics.inFlight.set(0);
  metrics.registry.beforePage(() => {
    metrics.oldest.set(fastify.inFlight.longestWait() / 1000);
  });
  fastify.addHook('onRoute', ({ method, url }) => {
    if (!background.test(url))
      for (const one of [method].flat()) metrics.rateLimited.inc({ route: url, method: one }, 0);
  });
  for (const [error_type, status] of serverFaults) metrics.errors.inc({ error_type, status_code: String(status) }, 0);
  fastify.addHook('onRequest', (request, _reply, done) => {
    metrics.inFlight.set(fastify.inFlight.count);
    if (followsRequests) currentRequest.run(request, done);
    else done();
  });
  // Reading a body ends in the context of the socket, which belongs to no request.
  if (followsRequests) {
    fastify.addHook('preValidation', (request, _reply, done) => {
      currentRequest.run(request, done);
    });
  }
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (drain.phase === 'draining') reply.header('connection', 'close');
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    record(metrics, request, reply);
    line(requests, request, reply);
    metrics.inFlight.set(fastify.inFlight.count);
    done();
  });
  fastify.addHook('onRequestAbort', (_request, done) => {
    metrics.inFlight.set(fastify.inFlight.count);
    done();
  });
}

/** The template, never the path: ten thousand ids are one route. */
const routeOf = (request: FastifyRequest) => (request.is404 ? 'unmatched' : (request.routeOptions.url ?? 'unmatched'));

function record(metrics: HttpMetrics, request: FastifyRequest, reply: FastifyReply): void {
  const { method, problem } = request;
  const route = routeOf(request);
  const status = String(reply.statusCode);
  metrics.requests.observe({ method, route, status_code: status }, reply.elapsedTime / 1000);
  // A replica that says "not ready" is doing its duty: that is no error, and has gauges of its own.
  if (reply.statusCode < 400 || isProbe(request)) return;
  metrics.apiErrors.inc({ route, method, status, error_code: problem?.code ?? 'unknown' });
  if (reply.statusCode === 429) metrics.rateLimited.inc({ route, method });
  if (reply.statusCode >= 500) metrics.errors.inc({ error_type: problem?.code ?? 'unknown', status_code: status });
}

function line(logger: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const { problem } = request;
  const route = routeOf(request);
  const level = background.test(route) ? 'debug' : (problem?.level ?? 'info');
  if (!logger.isLevelEnabled(level)) return;
  logger[level](
    {
      // Hooks of an answer run outside the context of the request: the line names it by itself.
      requestId: request.id,
      ...(request.principal ? { userId: request.principal.userId, tenantId: request.principal.tenantId } : {}),
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      ...(problem ? { code: problem.code } : {}),
    },
    'request',
  );
}

import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../../config/config';

const allowedHeaders = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'X-Request-Id',
  'X-Correlation-Id',
];
const exposedHeaders = [
  'ETag',
  'Idempotent-Replayed',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Correlation-Id',
  'X-Left-Out-Minutes',
  'X-Request-Id',
];

/**
 * Lets the named origins call from a browser; compared as whole strings, so neither `null` nor a lookalike suffix passes.
 * Credentials stay off: tokens travel in Authorization, and there is no cookie that a foreign page could ride on.
 * With no origin configured the hook is not there at all and costs nothing.
 */
export function allowOrigins(server: FastifyInstance, config: Config): void {
  if (config.CORS_ORIGINS.length === 0) return;
  void server.register(cors, {
    origin: [...config.CORS_ORIGINS],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders,
    exposedHeaders,
    maxAge: 600,
  });
}

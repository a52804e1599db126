import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiProduces } from '@nestjs/swagger';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Media types that the route can answer with; JSON when missing. */
    produces?: readonly string[];
  }
}

/** Says that a route answers in other media types than JSON, to `Accept` and to the document at once. */
export const Produces = (...types: [string, ...string[]]) =>
  applyDecorators(RouteConfig({ produces: types }), ApiProduces(...types));

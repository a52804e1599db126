import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Readable } from 'node:stream';
import { Problem, unsupportedMediaType } from '../problems/problem';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route reads its body itself, whatever its media type. */
    streamed?: boolean;
  }
}

/**
 * For routes that speak a protocol other than ours: the body is handed over as a stream, unread, under any media type but JSON
 * and under none. The route reads it with `readText` or lets it pass with `discard`.
 */
export const StreamedBody = () => applyDecorators(RouteConfig({ streamed: true }));

/** Everywhere else, what is no JSON stays refused, before a byte of it is read. */
export function passStreams(server: FastifyInstance): void {
  server.addContentTypeParser('*', (request, payload, done) => {
    if (request.routeOptions.config.streamed === true) done(null, payload);
    else done(unsupportedMediaType(), undefined);
  });
}

/**
 * The body as text; what is no UTF-8 in it becomes U+FFFD. Throws body_too_large, and bad_request when it was cut off. What is too large
 * passes unkept to its end: a request that is left half read keeps its connection, and with it the end of the process, waiting.
 */
export async function readText(body: unknown, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of streamOf(body)) {
    size += chunk.length;
    if (size <= mostBytes) chunks.push(chunk);
  }
  if (size > mostBytes) throw new Problem('body_too_large', `The body is longer than ${mostBytes} bytes.`);
  return Buffer.concat(chunks).toString('utf8');
}

/** Lets the body pass without keeping a byte of it, however long it is. */
export async function discard(body: unknown): Promise<void> {
  const stream = streamOf(body);
  while (!(await stream.next()).done);
}

async function* streamOf(body: unknown): AsyncGenerator<Buffer> {
  if (body === undefined || body === null) return;
  if (!isStream(body)) throw unsupportedMediaType();
  try {
    for await (const chunk of body) if (Buffer.isBuffer(chunk)) yield chunk;
  } catch (cause) {
    throw new Problem('bad_request', 'The body ended before its length.', { cause });
  }
}

const isStream = (body: unknown): body is Readable =>
  typeof body === 'object' && body !== null && Symbol.asyncIterator in body;

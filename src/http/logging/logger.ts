import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyRequest } from 'fastify';
import pino, { type DestinationStream, type Logger } from 'pino';
import type { Config } from '../../config/config';
import { redact } from './redact';

/** The request that a line is written for, wherever in the code that happens. */
export const currentRequest = new AsyncLocalStorage<FastifyRequest>();

/**
 * Whether following a request through its promises is free. Since Node 24 it is; before, it slows every promise of the process
 * down, which cost a fifth of the punches (45 of 250 µs each). There, lines carry the ids that the code hands them.
 */
export const followsRequests = Number(process.versions.node.split('.', 1)[0]) >= 24;

/** A line is written after this at the latest. */
const LONGEST_WAIT_MS = 100;
/** Sizes of LOG_FILE: five files of five megabytes. */
const rotation = { size: '5m', limit: { count: 5 } };

/**
 * The one logger: JSON lines on standard output, and in a rotated file where one is configured. Everything passes through the
 * redaction before it is written; a line that belongs to a request says so.
 */
export function createLogger(
  config: Pick<Config, 'LOG_LEVEL' | 'LOG_FILE'>,
  stream: DestinationStream = destination(config),
): Logger {
  return pino(
    {
      level: config.LOG_LEVEL,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (value: unknown) => value, error: (value: unknown) => value },
      mixin: () => identify(currentRequest.getStore()),
      hooks: {
        logMethod(args, method) {
          method.apply(this, args.map((part) => redact(part)) as typeof args);
        },
      },
    },
    stream,
  );
}

/**
 * For the one line that every request writes: it holds nothing but method, route template, status, times and ids, all of them
 * ours, so it skips the redaction, which would cost more than the line.
 */
export function requestLogger(logger: Logger): Logger {
  const { level } = logger;
  const stream = (logger as unknown as Record<symbol, DestinationStream>)[pino.symbols.streamSym];
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
}

function identify(request: FastifyRequest | undefined): Record<string, unknown> {
  if (!request) return {};
  const { principal } = request;
  return principal
    ? { requestId: request.id, userId: principal.userId, tenantId: principal.tenantId }
    : { requestId: request.id };
}

function destination({ LOG_FILE }: Pick<Config, 'LOG_FILE'>): DestinationStream {
  // Asynchronous: a slow terminal or a full pipe must not hold up the people at the kiosks. In blocks, because a system call
  // for each line costs as much as a punch; nothing stays behind longer than a moment, and nothing at all when we end.
  const console = pino.destination({ fd: 1, sync: false, minLength: 8192 });
  console.on('error', () => undefined); // nobody reads any more; the file, where there is one, is written all the same
  setInterval(() => {
    console.flush();
  }, LONGEST_WAIT_MS).unref();
  process.on('exit', () => {
    try {
      console.flushSync();
    } catch {
      // Standard output is gone already; there is nobody left to tell.
    }
  });
  if (LOG_FILE === undefined) return console;
  const file = pino.transport({
    target: 'pino-roll',
    options: { file: LOG_FILE, mkdir: true, ...rotation },
  }) as DestinationStream;
  return pino.multistream([{ stream: console }, { stream: file }], { dedupe: false });
}

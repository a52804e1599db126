import { AsyncLocalStorage } from 'node:async_hooks';
import path from 'node:path';
import type { FastifyRequest } from 'fastify';
import pino, { type DestinationStream, type Logger } from 'pino';
import type { Config } from '../../config/config';
import { openBlocks } from './blocks';
import { redact } from './redact';
import { RotatingFile } from './rotating-file';

/** The request that a line is written for, wherever in the code that happens. */
export const currentRequest = new AsyncLocalStorage<FastifyRequest>();

/**
 * Whether following a request through its promises is free. Since Node 24 it is; before, it slows every promise of the process
 * down, which cost a fifth of the punches (45 of 250 µs each). There, lines carry the ids that the code hands them.
 */
export const followsRequests = Number(process.versions.node.split('.', 1)[0]) >= 24;

const FILE_BYTES = 5 * 1024 * 1024;

type Settings = Pick<Config, 'LOG_LEVEL' | 'LOG_FILE' | 'NODE_ENV'>;

/**
 * The one logger: JSON lines on standard output, and in rotated files where one is configured. Everything passes through the
 * redaction before it is written; a line that belongs to a request says so.
 */
export function createLogger(config: Settings, stream: DestinationStream = destination(config)): Logger {
  return pino(
    {
      level: debugFileOf(config) === undefined || config.LOG_LEVEL === 'trace' ? config.LOG_LEVEL : 'debug',
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

function destination(config: Settings): DestinationStream {
  const { LOG_LEVEL: level, LOG_FILE: file } = config;
  const output = standardOutput();
  if (file === undefined || level === 'silent') return output;
  const debugFile = debugFileOf(config);
  const streams = [
    { level, stream: output },
    { level, stream: new RotatingFile(file, { maxBytes: FILE_BYTES, files: 5 }) },
    {
      level: level === 'fatal' ? level : ('error' as const),
      stream: new RotatingFile(beside(file, 'error'), { maxBytes: FILE_BYTES, files: 5 }),
    },
    ...(debugFile === undefined
      ? []
      : [{ level: 'debug' as const, stream: new RotatingFile(debugFile, { maxBytes: FILE_BYTES, files: 3 }) }]),
  ];
  process.on('exit', () => {
    for (const { stream } of streams) if (stream instanceof RotatingFile) stream.flushSync();
  });
  return pino.multistream(streams, { dedupe: false });
}

/** In development, what is too fine for the console has a file of its own. */
function debugFileOf({ LOG_FILE, LOG_LEVEL, NODE_ENV }: Settings): string | undefined {
  const wanted = NODE_ENV === 'development' && LOG_LEVEL !== 'silent';
  return LOG_FILE === undefined || !wanted ? undefined : beside(LOG_FILE, 'debug');
}

/** `logs/rollcall.log` and `error` make `logs/rollcall.error.log`. */
function beside(file: string, kind: string): string {
  const { dir, name, ext } = path.parse(file);
  return path.join(dir, `${name}.${kind}${ext}`);
}

/** Standard output; when nobody reads it any more, the files are written all the same. */
function standardOutput(): DestinationStream {
  const output = openBlocks(1, () => undefined);
  process.on('exit', () => {
    try {
      output.flushSync();
    } catch {
      // Standard output is closed; the failure cannot be reported.
    }
  });
  return output;
}

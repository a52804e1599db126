import { HttpException } from '@nestjs/common';
import { notFound, Problem, unsupportedMediaType } from './problem';

/** What the framework may throw in our name, by status. Its own messages stay behind: they quote paths and versions. */
const byStatus: Readonly<Record<number, () => Problem>> = {
  401: () => new Problem('unauthorized', 'Sign in and send the token as Authorization: Bearer.'),
  403: () => new Problem('forbidden', 'You may not do this.'),
  404: () => notFound('route'),
  405: () => new Problem('method_not_allowed', 'This method is not offered here.'),
  406: () => new Problem('not_acceptable', 'This route answers application/json. Change the Accept header.'),
  408: () => new Problem('request_timeout', 'The request did not arrive in time.'),
  409: () => new Problem('conflict', 'This contradicts the present state.'),
  412: () => new Problem('precondition_failed', 'Somebody changed this in the meantime. Read it again.'),
  413: () => new Problem('body_too_large', 'The body is larger than this route takes.'),
  414: () => new Problem('uri_too_long', 'The address is too long.'),
  415: unsupportedMediaType,
  429: () => new Problem('quota_exceeded', 'Too many requests. Wait as long as Retry-After says.'),
  431: () => new Problem('headers_too_large', 'The headers are too large.'),
};

/** The problem that stands for any failure. What nobody foresaw is ours, and its text stays with us. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const status = statusOf(error);
  if (status === 503)
    return new Problem('service_unavailable', 'This is not available at the moment. Try again.', { cause: error });
  if (status === undefined || status < 400 || status >= 500)
    return new Problem('internal_error', 'Something went wrong on our side.', { cause: error });
  return byStatus[status]?.() ?? new Problem('bad_request', 'The request cannot be read.');
}

/** Nest says `getStatus()`, Fastify says `statusCode`; a status on any other error is a coincidence. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const ofTheServer = error.name === 'FastifyError' || ('code' in error && error.code === 'ECONNRESET');
  return ofTheServer && typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

/** What the log may say of a cause. An error of PostgreSQL quotes the values of a row, so only its SQLSTATE and frames are kept. */
export function causeForLog(cause: unknown): { readonly summary?: string; readonly stack?: string } {
  if (cause === undefined) return {};
  if (!(cause instanceof Error)) return { summary: `a thrown ${typeof cause}` };
  const fromDatabase = 'severity' in cause && 'code' in cause;
  const summary = fromDatabase ? `SQLSTATE ${String(cause.code)}` : `${cause.name}: ${cause.message}`;
  const frames =
    cause.stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n') ?? '';
  return { summary, stack: `${summary}\n${frames}` };
}

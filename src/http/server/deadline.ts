import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { InFlight } from './in-flight';
import { Problem } from '../problems/problem';
import { answerProblem } from '../problems/problem-answer';

/** How often the late ones are looked for, at most, in milliseconds. */
const LONGEST_LOOK_MS = 200;

/**
 * The last of the bounds: lock, statement and pool have theirs, and what still takes longer than `deadlineMs` is given up here, so that
 * a client hears of it before its own patience ends. The time runs from the first hook, so whatever a request waits for counts, guards
 * included. A write is not undone by that: it may be committing at this moment, and only a repetition with its key can tell.
 *
 * Not given up are an answer that has begun and a route that reads its body as it comes. While a body is still arriving, the time has
 * not begun: for that there is a bound of its own, in limits.ts.
 *
 * One look at the oldest requests for all of them: Fastify's own `handlerTimeout` takes a timer, an AbortController and a listener of every request.
 */
export function giveUpLate(server: FastifyInstance, inFlight: InFlight, deadlineMs: number): void {
  const look = setInterval(
    () => {
      for (const late of inFlight.before(performance.now() - deadlineMs)) {
        const { request, reply } = late;
        if (request.routeOptions.config.streamed === true || reply.sent || reply.raw.headersSent) continue;
        if (request.raw.complete) answerProblem(request, reply, tooLate(request));
        else inFlight.restart(late);
      }
    },
    Math.min(LONGEST_LOOK_MS, deadlineMs / 10),
  ).unref();
  server.addHook('onClose', (_server, done) => {
    clearInterval(look);
    done();
  });
}

/** The answer to a request that was given up. */
export function tooLate({ method }: FastifyRequest): Problem {
  const reads = method === 'GET' || method === 'HEAD';
  const remedy = reads
    ? 'Try again, or ask for less.'
    : 'A change may have been made all the same: repeat it with the same Idempotency-Key to find out.';
  return new Problem('deadline_exceeded', `The request took too long and was given up. ${remedy}`, {
    headers: { 'Retry-After': '1' },
  });
}

import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Problem, problemDocument } from './problem';
import { pathOf } from '../request/request-target';

const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

declare module 'fastify' {
  interface FastifyRequest {
    /** Why the request was refused, for the log, the metrics and the request trail. */
    problem?: Problem;
  }
}

/** The bytes of a problem for one request: the document, where it happened (never the query, which may hold data), which request. */
export function problemBytes(problem: Problem, target: string, requestId: string): string {
  return JSON.stringify({ ...problemDocument(problem), instance: pathOf(target).slice(0, 300), requestId });
}

/** Headers that belong to a problem whatever route it happened on. */
export function problemHeaders(problem: Problem): Record<string, string> {
  return {
    'content-type': PROBLEM_TYPE,
    ...(problem.status === 401 ? { 'www-authenticate': 'Bearer realm="rollcall"' } : {}),
    ...(problem.status === 503 ? { 'retry-after': '1' } : {}),
    ...Object.fromEntries(
      Object.entries(problem.extras.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    ),
  };
}

/** Refuses a request: the one place where an error becomes an answer. */
export function answerProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): void {
  request.problem = problem;
  void reply
    .code(problem.status)
    .headers(problemHeaders(problem))
    .send(problemBytes(problem, request.raw.url ?? '/', request.id));
}

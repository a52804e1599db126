import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Logger, Optional } from '@nestjs/common';
import { ServerResponse } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { causeForLog, toProblem } from './failures';
import { Problem } from './problem';
import { answerProblem } from './problem-answer';

/** Optional provider: turns failures of another layer (the database) into problems. Everything that it does not know it returns. */
export const FAILURE_TRANSLATOR = Symbol('FailureTranslator');
type FailureTranslator = (error: unknown) => unknown;

/**
 * Turns every failure into one kind of answer (RFC 9457) and writes those of ours to the log, once, with their cause. The
 * caller reads the code and the detail of a Problem; of anything else they learn only that it went wrong.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  constructor(
    @Optional() @Inject(FAILURE_TRANSLATOR) private readonly translate: FailureTranslator = (error) => error,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply | ServerResponse>();
    // A middleware fails with Node's bare objects in its hands. Passed on, the failure comes back with Fastify's.
    if (reply instanceof ServerResponse)
      throw error instanceof Error ? error : new Error('not an Error', { cause: error });
    const problem = toProblem(this.translate(error));
    this.report(problem, request);
    if (reply.raw.writableEnded) return; // its deadline had passed, and it was answered then
    if (reply.raw.headersSent) {
      // Half an answer cannot be taken back; cutting the connection is the only way left to say that it is not whole.
      request.problem = problem;
      reply.raw.destroy();
    } else if (!reply.sent) answerProblem(request, reply, problem);
  }

  private report(problem: Problem, request: FastifyRequest): void {
    if (problem.status < 500 || problem.code === 'overloaded') return;
    const where = `${request.method} ${request.is404 ? '(no route)' : (request.routeOptions.url ?? '')}`;
    const { summary, stack } = causeForLog(problem.extras.cause);
    const line = {
      msg: `${problem.code} on ${where}: ${summary ?? problem.detail}`,
      requestId: request.id,
      userId: request.principal?.userId,
      tenantId: request.principal?.tenantId,
      ...(stack === undefined ? {} : { stack }),
    };
    if (problem.level === 'error') this.logger.error(line);
    else this.logger.warn(line);
  }
}

import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, mergeMap, type Observable, of } from 'rxjs';
import { callerOf } from '../auth/principal';
import { isDeferred, WRITE_ROUTE } from '../http/routes/deferred';
import { clientAddress, pathOf } from '../http/request/request-target';
import { NO_REPLAY } from '../idempotency/no-replay.decorator';
import type { SentAnswer, WriteContext } from './write';

/**
 * Performs the write that a handler returned, as the interceptors between the two have wrapped it. Handlers run after guards and
 * validation, and only describe what is to be done: so a request that is refused for its token, its quota, its permission or its
 * body costs no transaction and uses up no key.
 */
@Injectable()
export class WriteInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const handler = context.getHandler();
    if (!Reflect.hasMetadata(WRITE_ROUTE, handler)) return next.handle();
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(
      mergeMap((result: unknown) => {
        if (isDeferred<WriteContext, SentAnswer>(result))
          return from(result.perform(contextOf(request)).then((answer) => send(reply, request, answer)));
        // Sign-ins and terminals write on their own; what can be repeated cannot.
        if (Reflect.hasMetadata(NO_REPLAY, handler)) return of(result);
        throw new Error(`${context.getClass().name}.${handler.name} is a write route but returned no write`);
      }),
    );
  }
}

function contextOf(request: FastifyRequest): WriteContext {
  const actor = callerOf(request);
  return {
    tenantId: actor.tenantId,
    actor,
    requestId: request.id,
    ip: clientAddress(request),
    path: pathOf(request.url),
  };
}

function send(reply: FastifyReply, request: FastifyRequest, answer: SentAnswer): Buffer | undefined {
  reply.status(answer.status).headers(answer.headers);
  if (answer.problem) request.problem = answer.problem;
  return answer.status === 204 ? undefined : answer.body;
}

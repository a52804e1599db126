import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, mergeMap, type Observable } from 'rxjs';
import { AUDITED } from '../audit/audited.decorator';
import { callerOf } from '../auth/principal';
import { Problem } from '../http/problem';
import { clientAddress } from '../http/request-target';
import { keyFrom } from '../idempotency/key-header';
import { keyedRequest } from '../idempotency/keyed-request';
import { NO_REPLAY } from '../idempotency/no-replay.decorator';
import type { SentAnswer, Write, WriteContext } from './write';

/**
 * Performs the write that a handler returned. Handlers run after guards and validation, and only describe what is to be done:
 * so a request that is refused for its token, its quota, its permission or its body costs no transaction and uses up no key.
 */
@Injectable()
export class WriteInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const handler = context.getHandler();
    if (Reflect.getMetadata(AUDITED, handler) === undefined || Reflect.getMetadata(NO_REPLAY, handler) !== undefined)
      return next.handle();
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    // The header is looked at before the handler: a malformed key is refused like a malformed body.
    const key = keyFrom(request.raw.rawHeaders);
    return next.handle().pipe(
      mergeMap((write) => {
        if (!isWrite(write))
          throw new Error(`${context.getClass().name}.${handler.name} is a write route but returned no write`);
        return from(write.perform(contextOf(request, key)).then((answer) => send(reply, request, answer)));
      }),
    );
  }
}

function isWrite(value: unknown): value is Write {
  return typeof value === 'object' && value !== null && 'perform' in value;
}

function contextOf(request: FastifyRequest, key: string | undefined): WriteContext {
  const actor = callerOf(request);
  if (key === undefined && actor.requiresIdempotencyKey) {
    throw new Problem(
      'idempotency_key_required',
      'This tenant demands an Idempotency-Key header on every write: send a fresh UUID, and repeat it on retries.',
    );
  }
  const path = request.url.split('?', 1)[0] ?? '';
  const context = { tenantId: actor.tenantId, actor, requestId: request.id, ip: clientAddress(request), path };
  if (key === undefined) return context;
  return {
    ...context,
    key: keyedRequest(key, {
      principalId: actor.userId,
      method: request.method,
      url: request.url,
      mediaType: request.headers['content-type'] ?? '',
      body: request.body,
      ifMatch: request.headers['if-match'],
    }),
  };
}

function send(reply: FastifyReply, request: FastifyRequest, answer: SentAnswer): Buffer | undefined {
  reply.status(answer.status).headers(answer.headers);
  if (answer.replayed) reply.header('idempotent-replayed', 'true');
  if (answer.problem) request.problem = answer.problem;
  return answer.status === 204 ? undefined : answer.body;
}

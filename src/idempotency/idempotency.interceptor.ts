import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { type Deferred, isDeferred, WRITE_ROUTE } from '../http/routes/deferred';
import { Problem } from '../http/problems/problem';
import { keyFrom } from './key-header';
import { type KeyedRequest, keyedRequest } from './keyed-request';
import { NO_REPLAY } from './no-replay.decorator';

interface Caller {
  readonly userId: string;
  readonly requiresIdempotencyKey: boolean;
}
type Repeatable = Deferred<{ readonly actor: Caller; readonly key?: KeyedRequest }, { readonly replayed: boolean }>;

/**
 * Makes writes repeatable: reads the Idempotency-Key, hands it to the write, and marks the answer of a repetition. The key is
 * claimed, and its answer stored, in the transaction of the write itself (Writes, PunchRecorder): looking it up here would take
 * a transaction of its own, and a crash in between could do the write twice. See docs/decisions/0007-interceptors.md.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const handler = context.getHandler();
    if (!Reflect.hasMetadata(WRITE_ROUTE, handler) || Reflect.hasMetadata(NO_REPLAY, handler)) return next.handle();
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    // The header is looked at before the handler: a malformed key is refused like a malformed body.
    const key = keyFrom(request.raw.rawHeaders);
    return next.handle().pipe(
      map((result: unknown) => {
        if (!isDeferred(result)) return result;
        return repeatable(result as Repeatable, key, request, http.getResponse<FastifyReply>());
      }),
    );
  }
}

function repeatable(
  write: Repeatable,
  key: string | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): Repeatable {
  return {
    perform: async (context) => {
      const answer = await write.perform(
        key === undefined ? withoutKey(context) : { ...context, key: keyed(key, context.actor, request) },
      );
      if (answer.replayed) void reply.header('idempotent-replayed', 'true');
      return answer;
    },
  };
}

function withoutKey<C extends { readonly actor: Caller }>(context: C): C {
  if (!context.actor.requiresIdempotencyKey) return context;
  throw new Problem(
    'idempotency_key_required',
    'This tenant demands an Idempotency-Key header on every write: send a fresh UUID, and repeat it on retries.',
  );
}

const keyed = (key: string, { userId }: Caller, request: FastifyRequest) =>
  keyedRequest(key, {
    principalId: userId,
    method: request.method,
    url: request.url,
    mediaType: request.headers['content-type'] ?? '',
    body: request.body,
    ifMatch: request.headers['if-match'],
  });

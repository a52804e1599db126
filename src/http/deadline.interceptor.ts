import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Observable, throwError, timeout } from 'rxjs';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { Problem } from './problem';

/**
 * The last of the bounds: lock, statement and pool have theirs, and what still takes longer is given up here, so that a client
 * hears of it before its own patience ends. A write is not undone by that: it may be committing at this moment, and only a repetition
 * with its key can tell. An answer that is streamed has begun before, and is not cut off;
 * neither is a body that the route reads as it comes.
 */
@Injectable()
export class DeadlineInterceptor implements NestInterceptor {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.routeOptions.config.streamed === true) return next.handle();
    return next.handle().pipe(timeout({ first: this.config.REQUEST_DEADLINE_MS, with: () => throwError(tooLate) }));
  }
}

const tooLate = () =>
  new Problem(
    'deadline_exceeded',
    'The request took too long and was given up. A change may have been made all the same: repeat it with the same Idempotency-Key to find out.',
    { headers: { 'Retry-After': '1' } },
  );

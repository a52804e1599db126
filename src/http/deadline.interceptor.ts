import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { tooLate } from './deadline';

/** Whoever was given up while a guard was still waiting (see giveUpLate) has been told so: nothing is begun for them any more. */
@Injectable()
export class DeadlineInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    if (http.getResponse<FastifyReply>().sent) throw tooLate(http.getRequest<FastifyRequest>());
    return next.handle();
  }
}

import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { tooLate } from './deadline';

/**
 * The last guard: whoever was given up while another one was still waiting (see giveUpLate) has been told so, and nothing is begun
 * for them any more. A guard, because an interceptor costs ten times as much on every request.
 */
@Injectable()
export class DeadlineGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    const http = context.switchToHttp();
    if (http.getResponse<FastifyReply>().sent) throw tooLate(http.getRequest<FastifyRequest>());
    return true;
  }
}

import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';

/** Sends the version of what is read as its ETag, for If-Match (RFC 9110, section 8.8.3). */
@Injectable()
export class EntityTagInterceptor implements NestInterceptor<{ readonly version: number }> {
  intercept(
    context: ExecutionContext,
    next: CallHandler<{ readonly version: number }>,
  ): Observable<{ readonly version: number }> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((resource) => {
        void reply.header('etag', `"${resource.version}"`);
        return resource;
      }),
    );
  }
}

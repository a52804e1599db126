import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { type Deferred, isDeferred } from '../../http/routes/deferred';
import { AUDITED, type AuditTarget } from './audited.decorator';
import { auditBatchBuilder, type BuildAuditBatch, type AuditContext } from './audit-batch';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the route writes, for the request log; set once the request has passed the guards. */
    audited?: AuditTarget;
  }
}

type Auditable = Deferred<AuditContext & { readonly buildAuditBatch?: BuildAuditBatch }, unknown>;

/**
 * Binds what `@Audited` says of a route to its write: the write takes its evidence with it and stores it in its own transaction
 * (Ledger), and one that leaves none, or none about this entity, fails before its commit. A write that did not pass here has
 * nothing to take evidence with, and fails as well. See docs/decisions/0007-interceptors.md.
 */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const audited = Reflect.getMetadata(AUDITED, context.getHandler()) as AuditTarget | undefined;
    if (audited === undefined) return next.handle();
    context.switchToHttp().getRequest<FastifyRequest>().audited = audited;
    return next
      .handle()
      .pipe(map((result: unknown) => (isDeferred(result) ? auditable(result as Auditable, audited) : result)));
  }
}

const auditable = (write: Auditable, audited: AuditTarget): Auditable => ({
  perform: (context) => write.perform({ ...context, buildAuditBatch: auditBatchBuilder(audited, context) }),
});

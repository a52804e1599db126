import { applyDecorators, SetMetadata } from '@nestjs/common';
import { WRITE_ROUTE } from '../../http/routes/deferred';
import type { AuditedAction, AuditedEntity } from './entry';

export const AUDITED = 'rollcall:audited';
/** What the entries of a route are about. */
export interface AuditTarget {
  readonly entity: AuditedEntity;
  readonly action: AuditedAction;
}

/** Marks a write route and says what its entries in the ledger are about. A write route without it fails the route walk. */
export const Audited = (entity: AuditedEntity, action: AuditedAction) =>
  applyDecorators(SetMetadata(WRITE_ROUTE, true), SetMetadata(AUDITED, { entity, action } satisfies AuditTarget));

import { SetMetadata } from '@nestjs/common';
import type { AuditedAction, AuditedEntity } from './entry';

export const AUDITED = 'rollcall:audited';
export interface Audited {
  readonly entity: AuditedEntity;
  readonly action: AuditedAction;
}

/** Marks a write route and says what its entries in the ledger are about. A write route without it fails the route walk. */
export const Audited = (entity: AuditedEntity, action: AuditedAction) =>
  SetMetadata(AUDITED, { entity, action } satisfies Audited);

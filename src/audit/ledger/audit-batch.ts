import type { AuditTarget } from './audited.decorator';
import type { AuditEntry } from './entry';
import type { AuditBatch } from './ledger';

/** Who writes, on which request. */
export interface AuditContext {
  readonly tenantId: string;
  readonly actor: { readonly userId: string };
  readonly requestId: string;
  readonly ip: string;
}

/** Turns the entries of a write into what the ledger stores. Throws, and so rolls the write back, where they are no evidence of it. */
export type BuildAuditBatch = (entries: readonly AuditEntry[]) => AuditBatch;

/** Evidence of writes of one kind: there has to be some, and some of it about what the write is about. */
export function auditBatchBuilder(
  { entity }: Pick<AuditTarget, 'entity'>,
  { tenantId, actor, requestId, ip }: AuditContext,
): BuildAuditBatch {
  return (entries) => {
    if (entries.length === 0) throw new Error('A write left no evidence');
    if (!entries.some((entry) => entry.entity === entity))
      throw new Error(`A write about a ${entity} left evidence about something else`);
    return { tenantId, userId: actor.userId, requestId, ip, entries };
  };
}

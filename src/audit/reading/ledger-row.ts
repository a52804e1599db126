import type { AuditEntryResource } from './audit.schemas';
import { shownAction, shownEntity } from './words';

export const ledgerColumns =
  'id, created_at, user_id, on_behalf_of, action, entity, entity_id, outcome, changes, employee_id, punch_id, exception_id, request_id, ip, tenant_id AS row_tenant';

export interface LedgerRow extends Record<string, unknown> {
  id: string;
  created_at: Date;
  user_id: string;
  on_behalf_of: string | null;
  action: string;
  entity: string;
  entity_id: string;
  outcome: 'success' | 'failure';
  changes: AuditEntryResource['changes'];
  employee_id: string | null;
  punch_id: string | null;
  exception_id: string | null;
  request_id: string;
  ip: string | null;
}

/** An entry as the API shows it. The canonical bytes, the sealing order and the transaction number are the sealer's. */
export function auditEntryResponse(row: LedgerRow): AuditEntryResource {
  return {
    id: row.id,
    entity: shownEntity(row.entity),
    entityId: row.entity_id,
    action: shownAction(row.action),
    outcome: row.outcome,
    userId: row.user_id,
    ...(row.on_behalf_of === null ? {} : { onBehalfOf: row.on_behalf_of }),
    changes: row.changes,
    createdAt: row.created_at.toISOString(),
    requestId: row.request_id,
    ip: row.ip,
    ...(row.employee_id === null ? {} : { employeeId: row.employee_id }),
    ...(row.punch_id === null ? {} : { punchId: row.punch_id }),
    ...(row.exception_id === null ? {} : { exceptionId: row.exception_id }),
  };
}

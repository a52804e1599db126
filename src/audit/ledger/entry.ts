/** The entities whose changes stand in the ledger. */
export const auditedEntities = [
  'punch',
  'user',
  'role_assignment',
  'role',
  'session',
  'tenant',
  'settings',
  'audit_log',
  'schedule',
  'shift',
  'holiday',
  'leave',
  'policy',
  'exception',
  'correction',
  'day',
  'pay_period',
  'adjustment',
  'import_file',
  'import_batch',
  'import_profile',
  'device',
  'export',
  'export_layout',
  'api_key',
] as const;
export type AuditedEntity = (typeof auditedEntities)[number];

/** What may happen to them. */
export const auditedActions = [
  'create',
  'update',
  'delete',
  'approve',
  'reject',
  'assign',
  'unassign',
  'publish',
  'cancel',
  'close',
  'reopen',
  'rollback',
  'login',
  'refresh',
  'logout',
  'export',
] as const;
export type AuditedAction = (typeof auditedActions)[number];

/** One entry of the ledger, as the write that caused it describes it. Actor, tenant, request and time are added where it is stored. */
export interface AuditEntry {
  readonly entity: AuditedEntity;
  readonly action: AuditedAction;
  readonly entityId: string;
  /** The state before, absent for a creation. Only fields that differ are stored; secrets are masked. */
  readonly before?: Readonly<Record<string, unknown>>;
  /** The state after, absent for a deletion. */
  readonly after?: Readonly<Record<string, unknown>>;
  readonly outcome?: 'success' | 'failure';
  readonly employeeId?: string;
  readonly punchId?: string;
  readonly exceptionId?: string;
}

/** Whom and what an entry is about besides the resource itself, where the ledger is searched by it. */
export type References = Pick<AuditEntry, 'employeeId' | 'punchId' | 'exceptionId'>;

/**
 * Makes the entries about one kind of resource. `toAudit` is what the ledger remembers of one, `referencesOf` what else its
 * entries are found by.
 */
export const audited =
  <R extends { readonly id: string }>(
    entity: AuditedEntity,
    toAudit: (resource: R) => Readonly<Record<string, unknown>>,
    referencesOf: (resource: R) => References = () => ({}),
  ) =>
  (action: AuditedAction, before: R | undefined, after: R | undefined): AuditEntry => {
    const resource = after ?? before;
    if (!resource) throw new Error(`An entry about no ${entity} at all`);
    return {
      entity,
      action,
      entityId: resource.id,
      ...referencesOf(resource),
      ...(before ? { before: toAudit(before) } : {}),
      ...(after ? { after: toAudit(after) } : {}),
    };
  };

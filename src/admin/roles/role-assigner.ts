import { Injectable } from '@nestjs/common';
import type { AuditedAction, AuditEntry } from '../../audit/ledger/entry';
import { PrincipalDirectory } from '../../auth/principal-directory';
import type { Transaction } from '../../database/transaction';
import type { Outcome } from '../../writes/write';
import { assertAdminRemains } from '../users/last-admin';
import { keyRoleOf } from './grants';
import { type Holder, type RoleAction, RoleAssignmentsRepository } from './role-assignments.repository';

interface Assigned {
  readonly changed: readonly Holder[];
  readonly unchanged: readonly Holder[];
  /** Ids that are nobody in the tenant. */
  readonly unknownIds: readonly string[];
}

/** Gives or takes one role. One user is a batch of one: both go through the same statements. */
@Injectable()
export class RoleAssigner {
  constructor(
    private readonly assignments: RoleAssignmentsRepository,
    private readonly directory: PrincipalDirectory,
  ) {}

  /** `ids` in their order; a dry run locks and decides, and changes nothing. 409 `last_admin` where nobody would administer the tenant. */
  async change(
    tx: Transaction,
    action: RoleAction,
    role: string,
    ids: readonly string[],
    { dryRun = false } = {},
  ): Promise<Assigned> {
    const { tenantId } = tx;
    const known = await this.assignments.lock(tx, tenantId, ids);
    const isDone = (holder: Holder) => holder.roles.includes(role) === (action === 'assign');
    const changed = known.filter((holder) => !isDone(holder));
    if (changed.length > 0) {
      const changedIds = changed.map(({ id }) => id);
      if (!dryRun) await this.assignments.apply(tx, tenantId, changedIds, role, action);
      const tookKey =
        action === 'unassign' && role === keyRoleOf(tenantId) && changed.some(({ status }) => status === 'active');
      if (tookKey) await assertAdminRemains(tx, tenantId, changedIds);
    }
    const found = new Set(known.map(({ id }) => id));
    return { changed, unchanged: known.filter(isDone), unknownIds: ids.filter((id) => !found.has(id)) };
  }

  /** For `committed`: this process forgets what it remembers of those who were changed. */
  forgetting(tenantId: string, changed: readonly Holder[]): () => void {
    return () => {
      for (const { id } of changed) this.directory.forget(tenantId, id);
    };
  }
}

/** One entry for each user who was changed; `how` is what the entries call it. */
export const entriesOf = (
  changed: readonly Holder[],
  role: string,
  action: RoleAction,
  how: AuditedAction = action,
): Outcome['audit'] => (changed.length > 0 ? changed.map((one) => entryOf(one, role, action, how)) : 'unchanged');

function entryOf({ id, roles }: Holder, role: string, action: RoleAction, how: AuditedAction): AuditEntry {
  const after = action === 'assign' ? [...roles, role].sort() : roles.filter((held) => held !== role);
  return {
    entity: 'role_assignment',
    action: how,
    entityId: id,
    employeeId: id,
    before: { roles },
    after: { roles: after },
  };
}

import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '../../audit/ledger/entry';
import { PrincipalDirectory } from '../../auth/principal-directory';
import type { Principal } from '../../auth/principal';
import type { RoleName } from '../../auth/roles';
import type { Transaction } from '../../database/transaction';
import { notFound } from '../../http/problems/problem';
import type { Outcome, Write } from '../../writes/write';
import { Writes } from '../../writes/writes';
import { assertAdminRemains } from '../users/last-admin';
import { toUserResponse } from '../users/user';
import { UsersRepository } from '../users/users.repository';
import { keyRoleOf, mayGrant } from './grants';
import type { BatchRoleChange, RoleChange } from './role.schemas';
import { type Holder, type RoleAction, RoleAssignmentsRepository } from './role-assignments.repository';

interface Applied {
  readonly changed: readonly Holder[];
  readonly unchanged: readonly Holder[];
  readonly unknownIds: readonly string[];
}

/** Gives and takes roles. One user is a batch of one: both go through the same statements. */
@Injectable()
export class RoleAssignmentsService {
  constructor(
    private readonly writes: Writes,
    private readonly assignments: RoleAssignmentsRepository,
    private readonly users: UsersRepository,
    private readonly directory: PrincipalDirectory,
  ) {}

  /** One user, who must exist; answers them as they are now. */
  changeOne(by: Principal, action: RoleAction, id: string, named: RoleChange): Write {
    const role = this.grantable(by, named, action === 'assign' ? [id] : []);
    return this.writes.change(async (tx) => {
      const { changed, unknownIds } = await this.apply(tx, by.tenantId, [id], role, action);
      const user = unknownIds.length > 0 ? undefined : await this.users.find(tx, by.tenantId, id);
      if (!user) throw notFound('user');
      return {
        answer: { status: 200, body: toUserResponse(user), version: user.version },
        audit: entriesOf(changed, role, action),
        committed: this.forgetting(by.tenantId, changed),
      };
    });
  }

  /** Up to a thousand users; ids that are nobody here are counted and change nothing. */
  changeMany(by: Principal, action: RoleAction, { userIds, ...named }: BatchRoleChange): Write {
    const ids = [...new Set(userIds)].sort();
    const role = this.grantable(by, named, action === 'assign' ? ids : []);
    return this.writes.change(async (tx) => {
      const { changed, unchanged, unknownIds } = await this.apply(tx, by.tenantId, ids, role, action);
      const counts = {
        requested: ids.length,
        updated: changed.length,
        unchanged: unchanged.length,
        unknown: unknownIds.length,
      };
      return {
        answer: { status: 200, body: { ...counts, unknownIds } },
        audit: entriesOf(changed, role, action),
        committed: this.forgetting(by.tenantId, changed),
      };
    });
  }

  private grantable(by: Principal, { template, roleId }: RoleChange, to: readonly string[]): RoleName {
    const role = template ?? roleId;
    if (!role) throw new Error('A role change without a role passed its schema');
    mayGrant(by, role, template ? '/template' : '/roleId', to);
    return role;
  }

  private async apply(
    tx: Transaction,
    tenantId: string,
    ids: readonly string[],
    role: RoleName,
    action: RoleAction,
  ): Promise<Applied> {
    const known = await this.assignments.lock(tx, tenantId, ids);
    const isDone = (holder: Holder) => holder.roles.includes(role) === (action === 'assign');
    const changed = known.filter((holder) => !isDone(holder));
    if (changed.length > 0) {
      const changedIds = changed.map(({ id }) => id);
      await this.assignments.apply(tx, tenantId, changedIds, role, action);
      const tookKey =
        action === 'unassign' && role === keyRoleOf(tenantId) && changed.some(({ status }) => status === 'active');
      if (tookKey) await assertAdminRemains(tx, tenantId);
    }
    const found = new Set(known.map(({ id }) => id));
    return { changed, unchanged: known.filter(isDone), unknownIds: ids.filter((id) => !found.has(id)) };
  }

  private forgetting(tenantId: string, changed: readonly Holder[]): () => void {
    return () => {
      for (const { id } of changed) this.directory.forget(tenantId, id);
    };
  }
}

const entriesOf = (changed: readonly Holder[], role: RoleName, action: RoleAction): Outcome['audit'] =>
  changed.length > 0 ? changed.map((one) => entryOf(one, role, action)) : 'unchanged';

function entryOf({ id, roles }: Holder, role: RoleName, action: RoleAction): AuditEntry {
  const after = action === 'assign' ? [...roles, role].sort() : roles.filter((held) => held !== role);
  return {
    entity: 'role_assignment',
    action,
    entityId: id,
    employeeId: id,
    before: { roles },
    after: { roles: after },
  };
}

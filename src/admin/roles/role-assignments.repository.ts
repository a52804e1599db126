import { Injectable } from '@nestjs/common';
import { customRole, roleGone } from './stored-role';
import { refusing } from '../../database/failures';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';

// In the order of their ids, as punches lock them too: two batches that overlap wait for each other instead of deadlocking.
const lock = statement(
  'roles.lock_users',
  'SELECT FROM users u WHERE u.tenant_id = $1 AND u.id = ANY ($2::uuid[]) ORDER BY u.id FOR NO KEY UPDATE',
);
const holders = statement(
  'roles.of_users',
  `SELECT u.id, u.status, ARRAY(SELECT r.role FROM user_roles r WHERE r.tenant_id = u.tenant_id AND r.user_id = u.id ORDER BY r.role) AS roles
   FROM users u WHERE u.tenant_id = $1 AND u.id = ANY ($2::uuid[]) ORDER BY u.id`,
);
// Trigger `user_roles_change_announced` tells other replicas.
const assign = statement(
  'roles.assign',
  `INSERT INTO user_roles (tenant_id, user_id, role, custom_role)
   SELECT u.tenant_id, u.id, $3, ${customRole('$3')} FROM users u WHERE u.tenant_id = $1 AND u.id = ANY ($2::uuid[])
   ON CONFLICT ON CONSTRAINT user_roles_pkey DO NOTHING`,
);
const unassign = statement(
  'roles.unassign',
  'DELETE FROM user_roles WHERE tenant_id = $1 AND user_id = ANY ($2::uuid[]) AND role = $3',
);
const touch = statement(
  'roles.touch_users',
  'UPDATE users SET version = version + 1, updated_at = now() WHERE tenant_id = $1 AND id = ANY ($2::uuid[])',
);

export interface Holder {
  readonly id: string;
  readonly status: string;
  readonly roles: string[];
}

/** Gives and takes one role of any number of users, with the same few statements. */
@Injectable()
export class RoleAssignmentsRepository {
  /** Locks those of the users who exist and reads their roles, which nobody changes from then on. One exchange. */
  async lock(tx: Transaction, tenantId: string, ids: readonly string[]): Promise<Holder[]> {
    const [, found] = await Promise.all([tx.run(lock, [tenantId, ids]), tx.rows<Holder>(holders, [tenantId, ids])]);
    return found;
  }

  /** For locked users who are known to be changed by it; they get a new version. One exchange. */
  async apply(
    tx: Transaction,
    tenantId: string,
    ids: readonly string[],
    role: string,
    action: RoleAction,
  ): Promise<void> {
    const changed = tx.run(action === 'assign' ? assign : unassign, [tenantId, ids, role]);
    await refusing(Promise.all([changed, tx.run(touch, [tenantId, ids])]), roleGone);
  }
}

export type RoleAction = 'assign' | 'unassign';

import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { Problem } from '../../http/problems/problem';
import { keyRoleOf } from '../roles/grants';

// NO KEY: rows that refer to the tenant can still be written meanwhile, punches above all.
const lockTenant = statement('last_admin.lock', 'SELECT FROM tenants t WHERE t.id = $1 FOR NO KEY UPDATE');
const remaining = statement(
  'last_admin.remaining',
  `SELECT u.id FROM user_roles r JOIN users u ON u.tenant_id = r.tenant_id AND u.id = r.user_id
   WHERE r.tenant_id = $1 AND r.role = $2 AND u.status = 'active' AND u.id <> ALL ($3::uuid[]) LIMIT 1`,
);

/**
 * Call after taking an administrator away, in the same transaction: refuses when none is left. Two administrators who
 * remove each other at the same moment would both see the other one; the lock on the tenant makes them take turns, and the
 * second statement looks after the wait. The lock comes last and nothing is waited for behind it, so it cannot deadlock.
 * `without` are administrators who would be taken away by what is only tried out.
 */
export async function assertAdminRemains(
  tx: Transaction,
  tenantId: string,
  without: readonly string[] = [],
): Promise<void> {
  const [, left] = await Promise.all([
    tx.run(lockTenant, [tenantId]),
    tx.row(remaining, [tenantId, keyRoleOf(tenantId), without]),
  ]);
  if (left) return;
  throw new Problem(
    'last_admin',
    'This would leave nobody to administer the tenant. Make somebody else an administrator first.',
  );
}

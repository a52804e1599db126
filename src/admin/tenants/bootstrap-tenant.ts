import { PLATFORM_TENANT } from '../../tenancy/platform-tenant';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';

// Only from the platform's own transaction, and only into a tenant that this very transaction has made: created_at is not
// among the columns that the server may write, so it is the time of the transaction, to the microsecond, or another time.
const enter = statement(
  'new_tenant.enter',
  `SELECT set_config('app.tenant_id', t.id::text, true) FROM tenants t
   WHERE t.id = $1 AND t.created_at = now() AND current_tenant() = '${PLATFORM_TENANT}'`,
);
const leave = statement('new_tenant.leave', `SELECT set_config('app.tenant_id', '${PLATFORM_TENANT}', true)`);

/**
 * Does `work` inside a tenant that the platform's transaction has just created, and nowhere else. Row-level security lets
 * nobody write the first administrator of a tenant from outside, and two transactions could leave a tenant without one; so
 * the transaction becomes the new tenant's for the time of `work`. Operators still see nothing inside any tenant that
 * existed before. The setting is local to the transaction, and a rollback to a savepoint takes it back as well.
 */
export async function inNewTenant<T>(tx: Transaction, tenantId: string, work: () => Promise<T>): Promise<T> {
  if (!(await tx.row(enter, [tenantId]))) throw new Error('Only a tenant that was created a moment ago can be entered');
  tx.admit(tenantId);
  try {
    return await work();
  } finally {
    // After a failed statement this one is refused too, and the rollback does its work; the first failure is the one to tell.
    await tx.run(leave).catch(() => undefined);
  }
}

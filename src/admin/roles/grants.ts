import type { Principal } from '../../auth/principal';
import { PLATFORM_TENANT } from '../../tenancy/platform-tenant';
import { roleTemplates, type RoleName } from '../../auth/roles';
import { Problem } from '../../http/problems/problem';

const PAYROLL = 'attendance:payroll';

/** The role that a body names, and where. */
export function namedRole({
  template,
  roleId,
}: {
  readonly template?: RoleName | undefined;
  readonly roleId?: RoleName | undefined;
}): {
  readonly role: RoleName;
  readonly pointer: string;
} {
  const role = template ?? roleId;
  if (!role) throw new Error('A role change without a role passed its schema');
  return { role, pointer: template ? '/template' : '/roleId' };
}

/** The role without which nobody could administer the tenant any more. */
export function keyRoleOf(tenantId: string): RoleName {
  return tenantId === PLATFORM_TENANT ? 'platform_admin' : 'admin';
}

/**
 * Nobody gives (or takes) what they do not hold themselves. Operators exist in the platform's tenant only, and there is
 * nothing else to be there: an administrator cannot make one, and an operator cannot become somebody inside a tenant.
 */
export function isGrantable(by: Principal, role: RoleName): boolean {
  // Reopening a paid period is a right of its own: whoever administers the tenant names the people who have it.
  if (role === 'payroll' && by.tenantId !== PLATFORM_TENANT && by.permissions.has('attendance:admin')) return true;
  const belongs = (role === 'platform_admin') === (by.tenantId === PLATFORM_TENANT);
  return belongs && roleTemplates[role].permissions.every((permission) => by.permissions.has(permission));
}

/** Refuses a role that the caller may not give or take; `to` are the people who would get it. */
export function mayGrant(by: Principal, role: RoleName, pointer: string, to: readonly string[]): void {
  const gains = to.includes(by.userId) && !by.permissions.has(PAYROLL);
  if (role === 'payroll' && gains && by.fourEyes.ownPayroll) throw ownPayroll(pointer);
  if (isGrantable(by, role)) return;
  throw new Problem('role_not_grantable', `You cannot give or take the role ${role}: you may pass on what you hold.`, {
    errors: [{ pointer, code: 'role_not_grantable', detail: 'is beyond what you hold' }],
  });
}

/** Who administers a tenant and reopens what was paid could do alone what is meant to take two. */
function ownPayroll(pointer: string): Problem {
  return new Problem('self_approval', 'Nobody gives the role payroll to themselves. Ask another administrator.', {
    errors: [{ pointer, code: 'self_approval', detail: 'takes another administrator' }],
  });
}

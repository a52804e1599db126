import type { Permission, Principal } from '../../auth/principal';
import { PLATFORM_TENANT } from '../../tenancy/platform-tenant';
import type { Role, RoleName } from '../../auth/roles';
import { Problem } from '../../http/problems/problem';
import type { NamedRole } from './known-roles';

const PAYROLL = 'attendance:payroll';

/** The role that a body names, and where. */
export function namedRole({
  template,
  roleId,
}: {
  template?: string | undefined;
  roleId?: string | undefined;
}): NamedRole {
  const name = template ?? roleId;
  if (name === undefined) throw new Error('A role change without a role passed its schema');
  return { name, pointer: template === undefined ? '/roleId' : '/template' };
}

/** The role without which nobody could administer the tenant any more. */
export function keyRoleOf(tenantId: string): RoleName {
  return tenantId === PLATFORM_TENANT ? 'platform_admin' : 'admin';
}

/**
 * Nobody gives (or takes) what they do not hold themselves. Operators exist in the platform's tenant only, and there is
 * nothing else to be there: an administrator cannot make one, and an operator cannot become somebody inside a tenant.
 */
export function isGrantable(by: Principal, { permissions }: Role): boolean {
  const inPlatform = by.tenantId === PLATFORM_TENANT;
  // Reopening a paid period is a right of its own: whoever administers the tenant names the people who have it.
  const passesOn = (permission: Permission) =>
    by.permissions.has(permission) || (permission === PAYROLL && !inPlatform && by.permissions.has('attendance:admin'));
  return permissions.every((permission) => (permission === 'platform:admin') === inPlatform && passesOn(permission));
}

/** Refuses a role that the caller may not give or take; `to` are the people who would get it. */
export function mayGrant(by: Principal, role: Role, pointer: string, to: readonly string[]): void {
  const gains = to.includes(by.userId) && role.permissions.includes(PAYROLL) && !by.permissions.has(PAYROLL);
  if (gains && by.fourEyes.ownPayroll) throw ownPayroll(pointer);
  if (isGrantable(by, role)) return;
  throw new Problem(
    'role_not_grantable',
    `You cannot give or take the role ${role.name}: you may pass on what you hold.`,
    { errors: [{ pointer, code: 'role_not_grantable', detail: 'is beyond what you hold' }] },
  );
}

/** Who administers a tenant and reopens what was paid could do alone what is meant to take two. */
function ownPayroll(pointer: string): Problem {
  return new Problem(
    'self_approval',
    'Nobody gives themselves the right to close and reopen what is paid. Ask another administrator.',
    {
      errors: [{ pointer, code: 'self_approval', detail: 'takes another administrator' }],
    },
  );
}

import type { Permission } from './principal';

/** Role templates: bundles of permissions under the names that administrators know. */
export const roleTemplates = {
  employee: {
    title: 'Employee',
    description: 'Punches in and out and reads their own records.',
    permissions: ['attendance:read', 'attendance:write'],
  },
  approver: {
    title: 'Approver',
    description: 'Also reads and settles the records of the people in their scope.',
    permissions: ['attendance:read', 'attendance:write', 'attendance:approve'],
  },
  payroll: {
    title: 'Payroll',
    description: 'Also closes pay periods, and reopens them with a reason.',
    permissions: ['attendance:read', 'attendance:write', 'attendance:approve', 'attendance:payroll'],
  },
  admin: {
    title: 'Administrator',
    description: 'Also manages people, roles, settings, imports and exports, and reads the audit trail.',
    permissions: ['attendance:read', 'attendance:write', 'attendance:approve', 'attendance:admin'],
  },
  platform_admin: {
    title: 'Platform operator',
    description: 'Manages tenants and watches the platform; sees nothing inside a tenant.',
    permissions: ['platform:admin'],
  },
} as const satisfies Record<string, { title: string; description: string; permissions: readonly Permission[] }>;

export type RoleName = keyof typeof roleTemplates;
export const roleNames = Object.keys(roleTemplates) as readonly RoleName[];

/** Names that other systems use for the same bundles, accepted whatever their case. */
const aliases: Readonly<Record<string, RoleName>> = {
  worker: 'employee',
  user: 'employee',
  member: 'employee',
  manager: 'approver',
  supervisor: 'approver',
  administrator: 'admin',
  tenant_admin: 'admin',
  tenantadmin: 'admin',
  platformadmin: 'platform_admin',
  operator: 'platform_admin',
};

/** The role template that a name or alias means, or undefined. */
export function roleCalled(name: string): RoleName | undefined {
  const wanted = name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  return roleNames.find((role) => role === wanted) ?? aliases[wanted];
}

/** A bundle of permissions under a name: a template, or a role that a tenant made. */
export interface Role {
  readonly name: string;
  readonly permissions: readonly Permission[];
}

/** The template of exactly this name, as a role. */
export function templateNamed(name: string): Role | undefined {
  const called = roleNames.find((role) => role === name);
  return called && { name: called, permissions: roleTemplates[called].permissions };
}

/** The union of what the roles allow; `more` is what roles hold that are no templates. */
export function permissionsOf(roles: readonly string[], more: readonly Permission[] = []): ReadonlySet<Permission> {
  return new Set([...roles.flatMap((role) => templateNamed(role)?.permissions ?? []), ...more]);
}

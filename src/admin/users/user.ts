import { roleNames, type RoleName } from '../../auth/roles';

export const userStatuses = ['active', 'deactivated'] as const;
export type UserStatus = (typeof userStatuses)[number];

/** A person of a tenant. An employee is a person with an employee number; `id` is the employeeId of their punches. */
export interface User {
  readonly id: string;
  readonly email?: string;
  readonly name: string;
  readonly roles: readonly RoleName[];
  readonly employeeNumber?: string;
  readonly timeZone?: string;
  readonly orgUnitId?: string;
  /** First and last date of employment, both included. */
  readonly hireDate?: string;
  readonly leaveDate?: string;
  readonly status: UserStatus;
  /** Whether there is a password; the hash itself stays in the database. */
  readonly hasPassword: boolean;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The role that a client which knows one role only is shown: the mightiest. */
export function mainRole(roles: readonly string[]): RoleName | undefined {
  return roleNames.findLast((role) => roles.includes(role));
}

/** A person as the API shows them: absent is absent, not null, and nothing of the password. */
export function shown(user: User): Record<string, unknown> {
  const { id, status, version, createdAt, updatedAt } = user;
  return { id, ...described(user), status, version, createdAt, updatedAt };
}

/**
 * A person as the ledger remembers them. That the password changed is worth an entry, and the ledger masks every member of
 * this name; `anew` only makes the two sides differ.
 */
export function told(user: User, password: 'kept' | 'anew' = 'kept'): Record<string, unknown> {
  return { ...described(user), status: user.status, password: user.hasPassword ? password : null };
}

function described(user: User): Record<string, unknown> {
  const { email, name, roles, employeeNumber, timeZone, orgUnitId, hireDate, leaveDate } = user;
  return { email, name, role: mainRole(roles), roles, employeeNumber, timeZone, orgUnitId, hireDate, leaveDate };
}

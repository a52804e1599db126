import { audited } from '../../audit/ledger/entry';
import { roleNames } from '../../auth/roles';
import { withoutNulls, type WithoutNulls } from '../../http/input/without-nulls';

export const userStatuses = ['active', 'deactivated'] as const;
export type UserStatus = (typeof userStatuses)[number];

/** A row of `users` with the roles of the user. */
interface UserRow {
  readonly id: string;
  readonly email: string | null;
  readonly name: string;
  readonly roles: readonly string[];
  readonly employeeNumber: string | null;
  readonly timeZone: string | null;
  readonly orgUnitId: string | null;
  /** First and last date of employment, both included. */
  readonly hireDate: string | null;
  readonly leaveDate: string | null;
  readonly status: UserStatus;
  /** Whether there is a password; the hash itself stays in the database. */
  readonly hasPassword: boolean;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A user of a tenant. An employee is a user with an employee number; `id` is the employeeId of their punches. */
export type User = WithoutNulls<UserRow>;

/** The columns of a user, for every statement that reads users as `u`. */
export const userColumns = `u.id, u.email, u.name, u.employee_number AS "employeeNumber", u.time_zone AS "timeZone",
  u.org_unit_id AS "orgUnitId", u.hired_on::text AS "hireDate", u.left_on::text AS "leaveDate", u.status,
  u.password_hash IS NOT NULL AS "hasPassword", u.version, u.created_at AS "createdAt", u.updated_at AS "updatedAt",
  ARRAY(SELECT r.role FROM user_roles r WHERE r.tenant_id = u.tenant_id AND r.user_id = u.id ORDER BY r.role) AS roles, u.tenant_id AS row_tenant`;

/** The user of a row that was read by these columns. */
export const userOf = (row: object): User => withoutNulls(row as UserRow);

/** The role that a client which knows one role only is shown: the mightiest template, else the first of the tenant's own. */
function mainRole(roles: readonly string[]): string | undefined {
  return roleNames.findLast((role) => roles.includes(role)) ?? roles[0];
}

/** A user as the API shows them: nothing of the password. */
export function toUserResponse(user: User) {
  const { id, status, version, createdAt, updatedAt } = user;
  return { id, ...described(user), status, version, createdAt, updatedAt };
}

/**
 * Entries about users. That the password changed is worth one, and the ledger masks every member of this name; `anew` only makes
 * the two sides differ.
 */
export const userEntry = audited(
  'user',
  (user: User & { readonly passwordChanged?: boolean }) => {
    const password = user.passwordChanged === true ? 'anew' : 'kept';
    return { ...described(user), status: user.status, password: user.hasPassword ? password : null };
  },
  ({ id }) => ({ employeeId: id }),
);

function described({ email, name, roles, employeeNumber, timeZone, orgUnitId, hireDate, leaveDate }: User) {
  return { email, name, role: mainRole(roles), roles, employeeNumber, timeZone, orgUnitId, hireDate, leaveDate };
}

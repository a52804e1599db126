import type { RoleName } from '../../auth/roles';
import type { User, UserStatus } from './user';

/** A row of `users` with the roles of the person. */
export interface UserRow extends Record<string, unknown> {
  id: string;
  email: string | null;
  name: string;
  roles: RoleName[];
  employee_number: string | null;
  time_zone: string | null;
  org_unit_id: string | null;
  hired_on: string | null;
  left_on: string | null;
  status: UserStatus;
  has_password: boolean;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** The columns of UserRow, for every statement that reads people as `u`. */
export const userColumns = `u.id, u.email, u.name, u.employee_number, u.time_zone, u.org_unit_id, u.hired_on::text AS hired_on,
  u.left_on::text AS left_on, u.status, u.password_hash IS NOT NULL AS has_password, u.version, u.created_at, u.updated_at,
  ARRAY(SELECT r.role FROM user_roles r WHERE r.tenant_id = u.tenant_id AND r.user_id = u.id ORDER BY r.role) AS roles`;

/** Where a text is part of a person's name, address or employee number; `$n` is the text, null for everybody. */
export const matches = (
  parameter: string,
) => `(${parameter}::text IS NULL OR strpos(lower(u.name), lower(${parameter})) > 0
  OR strpos(u.email, lower(${parameter})) > 0 OR strpos(lower(u.employee_number), lower(${parameter})) > 0)`;

export function userOf(row: UserRow): User {
  return {
    id: row.id,
    name: row.name,
    roles: row.roles,
    status: row.status,
    hasPassword: row.has_password,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...(row.email === null ? {} : { email: row.email }),
    ...(row.employee_number === null ? {} : { employeeNumber: row.employee_number }),
    ...(row.time_zone === null ? {} : { timeZone: row.time_zone }),
    ...(row.org_unit_id === null ? {} : { orgUnitId: row.org_unit_id }),
    ...(row.hired_on === null ? {} : { hireDate: row.hired_on }),
    ...(row.left_on === null ? {} : { leaveDate: row.left_on }),
  };
}

import { Injectable } from '@nestjs/common';
import { type Scope, scopeParameters } from '../../attendance/people/scope';
import { refusing } from '../../database/failures';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import type { PageBounds } from '../../http/paging/cursor';
import { Problem, type ProblemCode } from '../../http/problems/problem';
import { customRole, roleGone } from '../roles/stored-role';
import { type User, userColumns, userOf, type UserStatus } from './user';
import type { UserQuery } from './user.schemas';
import { matches } from './user-search';

const find = statement('users.find', `SELECT ${userColumns} FROM users u WHERE u.tenant_id = $1 AND u.id = $2`);
// Punches lock their employee in the same way, so a deactivation and a punch take turns.
const lock = statement('users.lock', 'SELECT FROM users u WHERE u.tenant_id = $1 AND u.id = $2 FOR NO KEY UPDATE');
const page = statement(
  'users.page',
  `SELECT ${userColumns} FROM users u
   WHERE u.tenant_id = $1 AND ($2::uuid IS NULL OR u.org_unit_id = $2) AND ($3::text IS NULL OR u.status = $3)
     AND ($4::text IS NULL OR EXISTS (SELECT FROM user_roles r WHERE r.tenant_id = u.tenant_id AND r.user_id = u.id AND r.role = $4))
     AND ${matches('$5')} AND u.id > $6::uuid
   ORDER BY u.id LIMIT $7`,
);
const insert = statement(
  'users.insert',
  `WITH made AS (
     INSERT INTO users (tenant_id, email, name, employee_number, password_hash, time_zone, org_unit_id, hired_on, left_on)
     VALUES ($1, lower($2), $3, $4, $5, $6, $7, $8::date, $9::date) RETURNING id)
   INSERT INTO user_roles (tenant_id, user_id, role, custom_role)
     SELECT $1, id, role, ${customRole('role')} FROM made, unnest($10::text[]) role RETURNING user_id AS id`,
);
// Triggers: `users_shifts_released` and `users_shifts_moved` withdraw the shifts that have not begun of whoever leaves or moves to
// another zone, `users_time_zone_remembered` keeps the zone of the days until now, `users_change_announced` tells other replicas.
const update = statement(
  'users.update',
  `UPDATE users SET email = lower($3), name = $4, employee_number = $5, time_zone = $6, org_unit_id = $7, hired_on = $8::date, left_on = $9::date,
     status = $10, password_hash = CASE WHEN $11::boolean THEN $12 ELSE password_hash END, version = version + 1, updated_at = now()
   WHERE tenant_id = $1 AND id = $2`,
);
const replaceRoles = statement(
  'users.replace_roles',
  `WITH gone AS (DELETE FROM user_roles WHERE tenant_id = $1 AND user_id = $2 AND role <> ALL ($3::text[]))
   INSERT INTO user_roles (tenant_id, user_id, role, custom_role)
     SELECT $1, $2, role, ${customRole('role')} FROM unnest($3::text[]) role ON CONFLICT ON CONSTRAINT user_roles_pkey DO NOTHING`,
);

export interface UserDraft {
  readonly email?: string | undefined;
  readonly name: string;
  readonly roles: readonly string[];
  readonly passwordHash?: string | undefined;
  readonly employeeNumber?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly orgUnitId?: string | undefined;
  readonly hireDate?: string | undefined;
  readonly leaveDate?: string | undefined;
}

/** What becomes of a user: everything that may change, as it is to be. */
export interface UserChange extends Omit<UserDraft, 'roles' | 'passwordHash'> {
  readonly status: UserStatus;
  /** Replaces all roles; left out, they stay. */
  readonly roles?: readonly string[] | undefined;
  /** Left out, the password stays; null takes it away. */
  readonly passwordHash?: string | null | undefined;
}

/** Which users a list is about. */
type UserFilters = Omit<UserQuery, 'limit' | 'cursor'>;

/** Reads and changes users of one tenant. */
@Injectable()
export class UsersRepository {
  async find(tx: Transaction, tenantId: string, id: string): Promise<User | undefined> {
    const row = await tx.row(find, [tenantId, id]);
    return row && userOf(row);
  }

  /** Locks the user, then reads them: the roles are read after the wait for the lock, not before. One exchange. */
  async lock(tx: Transaction, tenantId: string, id: string): Promise<User | undefined> {
    const [, user] = await Promise.all([tx.run(lock, [tenantId, id]), this.find(tx, tenantId, id)]);
    return user;
  }

  async page(
    tx: Transaction,
    tenantId: string,
    scope: Scope,
    { status, role, q }: UserFilters,
    { after, limit }: PageBounds,
  ): Promise<User[]> {
    const [unitId] = scopeParameters(scope);
    const wanted = [unitId, status === 'all' ? null : status, role ?? null, q ?? null];
    return (await tx.rows(page, [tenantId, ...wanted, ...after, limit])).map(userOf);
  }

  async insert(tx: Transaction, tenantId: string, draft: UserDraft): Promise<User> {
    const { email, name, employeeNumber, passwordHash, timeZone, orgUnitId, hireDate, leaveDate, roles } = draft;
    const who = [email, name, employeeNumber, passwordHash, timeZone, orgUnitId];
    const values = [tenantId, ...who, hireDate, leaveDate, roles];
    const { id } = await refusing(tx.one<{ id: string }>(insert, values.map(orNull)), taken);
    return userOf(await tx.one(find, [tenantId, id]));
  }

  /** Changes a locked user and reads them again, in one exchange. */
  async update(tx: Transaction, tenantId: string, id: string, to: UserChange): Promise<User> {
    const { email, name, employeeNumber, timeZone, orgUnitId, hireDate, leaveDate, status, passwordHash, roles } = to;
    const fields = [email, name, employeeNumber, timeZone, orgUnitId, hireDate, leaveDate, status].map(orNull);
    const updated = tx.run(update, [tenantId, id, ...fields, passwordHash !== undefined, passwordHash ?? null]);
    const replaced = roles === undefined ? undefined : tx.run(replaceRoles, [tenantId, id, roles]);
    // Answers come in order: the first failure is the real one, and those behind it are refused for its sake.
    const [, , row] = await refusing(Promise.all([updated, replaced, tx.one(find, [tenantId, id])]), taken);
    return userOf(row);
  }
}

const orNull = (value: unknown) => value ?? null;

const refusal = (code: ProblemCode, pointer: string, what: string) => () =>
  new Problem(code, `Somebody in this tenant has this ${what} already, perhaps somebody deactivated.`, {
    errors: [{ pointer, code, detail: 'is taken; choose another one, or change that person' }],
  });

const taken = {
  ...roleGone,
  users_email_unique: refusal('email_taken', '/email', 'e-mail address'),
  users_employee_number_unique: refusal('employee_number_taken', '/employeeNumber', 'employee number'),
};

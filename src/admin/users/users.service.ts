import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { PasswordPolicy } from '../../auth/password-policy';
import { Passwords } from '../../auth/passwords';
import { PrincipalDirectory } from '../../auth/principal-directory';
import type { Principal } from '../../auth/principal';
import { RefreshTokensRepository } from '../../auth/refresh-tokens.repository';
import type { Transaction } from '../../database/transaction';
import { assertVersion } from '../../http/input/if-match';
import { notFound } from '../../http/problems/problem';
import { validationFailed } from '../../http/input/schema.pipe';
import type { Write } from '../../writes/write';
import { Writes } from '../../writes/writes';
import { keyRoleOf, mayGrant } from '../roles/grants';
import { KnownRoles } from '../roles/known-roles';
import { assertAdminRemains } from './last-admin';
import { markEmployment, mustBeEmployment } from './employment';
import { mustAdminister } from './user-scope';
import { toUserResponse, type User, userEntry } from './user';
import type { NewUser, UserPatch } from './user.schemas';
import { type UserChange, UsersRepository } from './users.repository';

/** Creating, changing and deactivating users. Nobody is ever deleted: their punches and their evidence stay somebody's. */
@Injectable()
export class UsersService {
  constructor(
    private readonly writes: Writes,
    private readonly users: UsersRepository,
    private readonly roles: KnownRoles,
    private readonly passwords: Passwords,
    private readonly policy: PasswordPolicy,
    private readonly refreshTokens: RefreshTokensRepository,
    private readonly directory: PrincipalDirectory,
  ) {}

  /** The hash is made before the transaction begins: it takes a tenth of a second, and no connection waits for that. */
  async create(by: Principal, { password, ...fields }: NewUser): Promise<Write> {
    mustAdminister(by);
    const roles = (await this.grantable(by, fields, [])) ?? [];
    if (password !== undefined) this.policy.mustBeStrong(password, fields.email, '/password');
    const passwordHash = password === undefined ? undefined : await this.passwords.hash(password);
    return this.writes.change(async (tx) => {
      const user = await this.users.insert(tx, by.tenantId, { ...fields, roles, passwordHash });
      return {
        answer: { status: 201, body: toUserResponse(user), location: `/api/users/${user.id}`, version: user.version },
        audit: [userEntry('create', undefined, user)],
        committed: () => {
          this.directory.forget(by.tenantId, user.id);
        },
      };
    });
  }

  async update(by: Principal, id: string, patch: UserPatch, expectedVersion?: number): Promise<Write> {
    mustAdminister(by);
    const roles = await this.grantable(by, patch, [id]);
    const passwordHash =
      typeof patch.password === 'string' ? await this.passwords.hash(patch.password) : patch.password;
    return this.amend(
      'update',
      by,
      id,
      (before) => {
        const to = amended(before, { ...patch, roles }, passwordHash);
        if (typeof patch.password === 'string') this.policy.mustBeStrong(patch.password, to.email, '/password');
        return to;
      },
      expectedVersion,
    );
  }

  deactivate(by: Principal, id: string, expectedVersion?: number): Write {
    mustAdminister(by);
    return this.amend(
      'delete',
      by,
      id,
      (before) => ({ ...before, roles: undefined, status: 'deactivated' }),
      expectedVersion,
    );
  }

  /** The names of the roles that are asked for, by either name, or undefined; refuses one that the caller may not give. */
  private async grantable(
    by: Principal,
    { role, roles }: Pick<UserPatch, 'role' | 'roles'>,
    to: readonly string[],
  ): Promise<readonly string[] | undefined> {
    if (role === undefined && roles === undefined) return undefined;
    const one = role === undefined ? [] : [{ name: role, pointer: '/role' }];
    const asked = [...one, ...(roles ?? []).map((name, index) => ({ name, pointer: `/roles/${index}` }))];
    const known = await this.roles.named(by.tenantId, asked);
    known.forEach((each, index) => {
      mayGrant(by, each, asked[index]?.pointer ?? '', to);
    });
    return known.map(({ name }) => name);
  }

  private amend(
    action: 'update' | 'delete',
    by: Principal,
    id: string,
    become: (before: User) => UserChange,
    expectedVersion?: number,
  ): Write {
    const { tenantId } = by;
    return this.writes.change(async (tx) => {
      const before = await this.users.lock(tx, tenantId, id);
      if (!before) throw notFound('user');
      assertVersion('this person', before.version, expectedVersion, 'them');
      const to = become(before);
      const after = isChange(before, to) ? await this.users.update(tx, tenantId, id, to) : before;
      await markEmployment(tx, tenantId, before, after);
      await this.endSessions(tx, tenantId, before, after, to);
      if (isKeyHolder(tenantId, before) && !isKeyHolder(tenantId, after)) await assertAdminRemains(tx, tenantId);
      return {
        answer: { status: 200, body: toUserResponse(after), version: after.version },
        audit: [userEntry(action, before, { ...after, passwordChanged: to.passwordHash !== undefined })],
        committed: () => {
          this.directory.forget(tenantId, id);
        },
      };
    });
  }

  /** Who is deactivated or gets another password must sign in anew, everywhere; another role alone does not ask for that. */
  private async endSessions(
    tx: Transaction,
    tenantId: string,
    before: User,
    after: User,
    to: UserChange,
  ): Promise<void> {
    const ended = before.status === 'active' && after.status === 'deactivated';
    if (ended || to.passwordHash !== undefined) await this.refreshTokens.revokeAllOf(tx, tenantId, after.id);
  }
}

/** The user with the patch applied. `undefined` leaves a field as it is, `null` empties it. */
function amended(
  before: User,
  patch: Omit<UserPatch, 'role' | 'roles'> & Pick<UserChange, 'roles'>,
  passwordHash: string | null | undefined,
): UserChange {
  const to: UserChange = {
    email: patched(patch.email, before.email),
    name: patch.name ?? before.name,
    employeeNumber: patched(patch.employeeNumber, before.employeeNumber),
    timeZone: patched(patch.timeZone, before.timeZone),
    orgUnitId: patched(patch.orgUnitId, before.orgUnitId),
    hireDate: patched(patch.hireDate, before.hireDate),
    leaveDate: patched(patch.leaveDate, before.leaveDate),
    status: patch.status ?? before.status,
    roles: patch.roles,
    passwordHash,
  };
  mustBeEmployment(to, patch.leaveDate === undefined ? '/hireDate' : '/leaveDate');
  const hasPassword = passwordHash === undefined ? before.hasPassword : passwordHash !== null;
  if (hasPassword && to.email === undefined) {
    const detail = 'is required for somebody who signs in with a password; take the password away as well, with null';
    throw validationFailed([{ pointer: '/email', code: 'required', detail }]);
  }
  return to;
}

const patched = <T>(given: T | null | undefined, present: T | undefined): T | undefined =>
  given === undefined ? present : (given ?? undefined);

/** A change that changes nothing takes no new version; its entry in the ledger says so. */
function isChange(before: User, to: UserChange): boolean {
  const otherRoles = to.roles !== undefined && !isDeepStrictEqual([...before.roles].sort(), [...to.roles].sort());
  const fields = [
    'email',
    'name',
    'employeeNumber',
    'timeZone',
    'orgUnitId',
    'hireDate',
    'leaveDate',
    'status',
  ] as const;
  return otherRoles || to.passwordHash !== undefined || fields.some((field) => before[field] !== to[field]);
}

function isKeyHolder(tenantId: string, user: User): boolean {
  return user.status === 'active' && user.roles.includes(keyRoleOf(tenantId));
}

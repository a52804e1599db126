import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { Ledger } from '../../audit/ledger';
import { PasswordPolicy } from '../../auth/password-policy';
import { Passwords } from '../../auth/passwords';
import { mustOperate, PLATFORM_TENANT, type Principal } from '../../auth/principal';
import { PrincipalDirectory } from '../../auth/principal-directory';
import type { Transaction } from '../../database/transaction';
import { UnitOfWork } from '../../database/unit-of-work';
import { Cursors } from '../../http/paging/cursor';
import { mustBeVersion } from '../../http/input/if-match';
import { notFound } from '../../http/problems/problem';
import type { Write, WriteContext } from '../../writes/write';
import { Writes } from '../../writes/writes';
import { told as toldPerson } from '../users/user';
import { type NewPerson, UsersRepository } from '../users/users.repository';
import { inNewborn } from './newborn';
import { type TenantRecord, told } from './tenant';
import type { NewTenant, TenantPatch, TenantQuery } from './tenant.schemas';
import { TenantsRepository } from './tenants.repository';

/** Tenants, administered by operators of the platform. None is ever deleted: its evidence outlives it. */
@Injectable()
export class TenantsService {
  constructor(
    private readonly writes: Writes,
    private readonly work: UnitOfWork,
    private readonly tenants: TenantsRepository,
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly policy: PasswordPolicy,
    private readonly ledger: Ledger,
    private readonly directory: PrincipalDirectory,
    private readonly cursors: Cursors,
  ) {}

  async get(by: Principal, id: string): Promise<TenantRecord> {
    mustOperate(by);
    const tenant = await this.work.read(PLATFORM_TENANT, (tx) => this.tenants.find(tx, id));
    if (!tenant) throw notFound('tenant');
    return tenant;
  }

  async page(by: Principal, { limit, cursor, ...filters }: TenantQuery) {
    mustOperate(by);
    const scope = { tenantId: PLATFORM_TENANT, route: 'tenants', filters };
    const after = cursor === undefined ? '' : String(this.cursors.decode(scope, cursor)[0]);
    const status = filters.status === 'all' ? undefined : filters.status;
    const found = await this.work.read(PLATFORM_TENANT, (tx) => this.tenants.page(tx, status, after, limit + 1));
    const data = found.slice(0, limit);
    const last = data.at(-1);
    const more = found.length > limit && last !== undefined;
    return { data, ...(more ? { nextCursor: this.cursors.encode(scope, [last.slug]) } : {}) };
  }

  async create(by: Principal, { admin, ...described }: NewTenant): Promise<Write> {
    mustOperate(by);
    if (admin) this.policy.mustBeStrong(admin.password, admin.email, '/admin/password');
    const first = admin && {
      email: admin.email,
      name: admin.name,
      roles: ['admin'] as const,
      passwordHash: await this.passwords.hash(admin.password),
    };
    return this.writes.change(async (tx, context) => {
      const tenant = await this.tenants.insert(tx, described);
      const adminId = first && (await this.foundWith(first, tx, tenant.id, context));
      return {
        answer: {
          status: 201,
          body: { ...tenant, adminId },
          location: `/api/tenants/${tenant.id}`,
          version: tenant.version,
        },
        audit: [{ entity: 'tenant', action: 'create', entityId: tenant.id, after: told(tenant) }],
      };
    });
  }

  update(by: Principal, id: string, patch: TenantPatch, expectedVersion?: number): Write {
    mustOperate(by);
    return this.writes.change(async (tx) => {
      const before = await this.tenants.lock(tx, id);
      if (!before) throw notFound('tenant');
      mustBeVersion('this tenant', before.version, expectedVersion);
      const to = { ...before, ...patch };
      const same = isDeepStrictEqual(told(before), told(to));
      const after = same ? before : await this.tenants.update(tx, id, to);
      return {
        answer: { status: 200, body: after, version: after.version },
        audit: [{ entity: 'tenant', action: 'update', entityId: id, before: told(before), after: told(after) }],
        committed: () => {
          this.directory.forgetTenant(id);
        },
      };
    });
  }

  /** Makes the first administrator, with evidence in the ledger of the new tenant: there somebody will look for it. */
  private foundWith(person: NewPerson, tx: Transaction, tenantId: string, context: WriteContext): Promise<string> {
    return inNewborn(tx, tenantId, async () => {
      const user = await this.users.insert(tx, tenantId, person);
      const { actor, requestId, ip } = context;
      const entry = {
        entity: 'user',
        action: 'create',
        entityId: user.id,
        employeeId: user.id,
        after: toldPerson(user),
      } as const;
      await this.ledger.append(tx, [{ tenantId, userId: actor.userId, requestId, ip, entries: [entry] }]);
      return user.id;
    });
  }
}

import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { Ledger } from '../../audit/ledger/ledger';
import { PasswordPolicy } from '../../auth/password-policy';
import { Passwords } from '../../auth/passwords';
import { mustOperate, type Principal } from '../../auth/principal';
import { PLATFORM_TENANT } from '../../tenancy/platform-tenant';
import { PrincipalDirectory } from '../../auth/principal-directory';
import type { Transaction } from '../../database/transaction';
import { UnitOfWork } from '../../database/unit-of-work';
import { Cursors } from '../../http/paging/cursor';
import { assertVersion } from '../../http/input/if-match';
import { notFound } from '../../http/problems/problem';
import type { Tenant } from '../../tenancy/tenant.entity';
import type { Write, WriteContext } from '../../writes/write';
import { Writes } from '../../writes/writes';
import { userEntry } from '../users/user';
import { type UserDraft, UsersRepository } from '../users/users.repository';
import { inNewTenant } from './bootstrap-tenant';
import { bindingOf, tenantEntry, type TenantResponse, tenantToAudit, toTenantResponse } from './tenant';
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

  async get(by: Principal, id: string): Promise<TenantResponse> {
    mustOperate(by);
    return toTenantResponse(administrable(await this.work.read(PLATFORM_TENANT, (tx) => this.tenants.find(tx, id))));
  }

  page(by: Principal, { limit, cursor, ...filters }: TenantQuery) {
    mustOperate(by);
    const scope = { tenantId: PLATFORM_TENANT, route: 'tenants', filters };
    const status = filters.status === 'all' ? null : filters.status;
    return this.cursors.page(scope, { limit, cursor }, bySlug, async (bounds) => {
      const found = await this.work.read(PLATFORM_TENANT, (tx) => this.tenants.page(tx, status, bounds));
      return found.map(toTenantResponse);
    });
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
      const tenant = toTenantResponse(await this.tenants.insert(tx, described));
      const adminId = first && (await this.bootstrap(first, tx, tenant.id, context));
      return {
        answer: {
          status: 201,
          body: { ...tenant, adminId },
          location: `/api/tenants/${tenant.id}`,
          version: tenant.version,
        },
        audit: [tenantEntry('create', undefined, tenant)],
      };
    });
  }

  update(by: Principal, id: string, patch: TenantPatch, expectedVersion?: number): Write {
    mustOperate(by);
    return this.writes.change(async (tx) => {
      const row = administrable(await this.tenants.lock(tx, id));
      assertVersion('this tenant', row.version, expectedVersion);
      const before = toTenantResponse(row);
      const to = { ...before, ...patch };
      const same = isDeepStrictEqual(tenantToAudit(before), tenantToAudit(to));
      const { name, timeZone, status } = to;
      const settings = { ...row.settings, ...bindingOf(to) };
      const after = same
        ? before
        : toTenantResponse(await this.tenants.update(tx, row, { name, timeZone, status, settings }));
      return {
        answer: { status: 200, body: after, version: after.version },
        audit: [tenantEntry('update', before, after)],
        committed: () => {
          this.directory.forgetTenant(id);
        },
      };
    });
  }

  /** Makes the first administrator, with an entry in the ledger of the new tenant: there somebody will look for it. */
  private bootstrap(draft: UserDraft, tx: Transaction, tenantId: string, context: WriteContext): Promise<string> {
    return inNewTenant(tx, tenantId, async () => {
      const user = await this.users.insert(tx, tenantId, draft);
      const { actor, requestId, ip } = context;
      const entries = [userEntry('create', undefined, user)];
      await this.ledger.append(tx, [{ tenantId, userId: actor.userId, requestId, ip, entries }]);
      return user.id;
    });
  }
}

const bySlug = { first: [''], positionOf: ({ slug }: TenantResponse) => [slug] };

/** The platform is no tenant to be administered: deactivating it would lock out every operator. */
function administrable(tenant: Tenant | null): Tenant {
  if (!tenant || tenant.id === PLATFORM_TENANT) throw notFound('tenant');
  return tenant;
}

import { Injectable } from '@nestjs/common';
import { audited } from '../../audit/ledger/entry';
import { PrincipalDirectory } from '../../auth/principal-directory';
import type { Principal } from '../../auth/principal';
import { UnitOfWork } from '../../database/unit-of-work';
import { assertVersion } from '../../http/input/if-match';
import { Problem } from '../../http/problems/problem';
import { inNetworks } from '../../http/request/ip-networks';
import { QuotaPolicies } from '../../rate-limit/quota-policy';
import { type Binding, looseningOf } from '../../tenancy/loosening';
import type { StandardQuotas } from '../../tenancy/tenant-quotas';
import type { Tenant } from '../../tenancy/tenant.entity';
import { readTenantSettings, type TenantSettings } from '../../tenancy/tenant-settings';
import type { Write } from '../../writes/write';
import { Writes } from '../../writes/writes';
import { TenantsRepository } from '../tenants/tenants.repository';

/** Reading and replacing the settings of a tenant. */
@Injectable()
export class SettingsService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly writes: Writes,
    private readonly tenants: TenantsRepository,
    private readonly directory: PrincipalDirectory,
    private readonly policies: QuotaPolicies,
  ) {}

  /** The settings in force, and the version of the tenant whose column they are. */
  async read({ tenantId }: Principal) {
    return settingsOf(await this.work.read(tenantId, (tx) => this.tenants.find(tx, tenantId)));
  }

  replace({ tenantId }: Principal, settings: TenantSettings, expectedVersion?: number): Write {
    return this.writes.change(async (tx, { ip }) => {
      const { tenant, ...before } = settingsOf(await this.tenants.lock(tx, tenantId));
      assertVersion('the settings', before.version, expectedVersion, 'them');
      mustNotLoosen(before.settings, settings, this.policies.standard);
      mustStayInside(ip, settings.allowedNetworks);
      const after = settingsOf(await this.tenants.update(tx, tenant, { settings }));
      return {
        answer: { status: 200, body: after.settings, version: after.version },
        audit: [settingsEntry('update', { id: tenantId, ...before.settings }, { id: tenantId, ...after.settings })],
        committed: () => {
          this.directory.forgetTenant(tenantId);
        },
      };
    });
  }
}

const settingsEntry = audited(
  'settings',
  ({ id: _, ...settings }: TenantSettings & { readonly id: string }) => settings,
);

function settingsOf(tenant: Tenant | null) {
  if (!tenant) throw new Error('The tenant of somebody who is signed in was not found');
  return { tenant, settings: readTenantSettings(tenant.settings), version: tenant.version };
}

/** A rule that takes a second person would take none, if the first one could switch it off, or move the limit that binds them; so with a quota. */
function mustNotLoosen(before: Binding, after: Binding, standard: StandardQuotas): void {
  const loosened = looseningOf(before, after, standard);
  if (loosened.length === 0) return;
  throw new Problem(
    'forbidden',
    'Only an operator of the platform loosens what takes a second person, and raises a quota.',
    {
      errors: loosened.map(({ pointer, bound }) => ({
        pointer,
        code: 'forbidden',
        detail: `must stay ${bound}, also where it is left out; ask an operator of the platform to loosen it (PATCH /api/tenants/:id)`,
      })),
    },
  );
}

/** Whoever locks themselves out cannot let themselves in again, and nobody else in the tenant could be sure to. */
function mustStayInside(ip: string, networks: readonly string[]): void {
  if (networks.length === 0 || inNetworks(ip, networks)) return;
  throw new Problem('conflict', `These networks would lock you out: they do not contain your own address ${ip}.`, {
    errors: [
      {
        pointer: '/allowedNetworks',
        code: 'own_address_missing',
        detail: `must contain ${ip}; add a network with it, or save this from inside one of the listed networks`,
      },
    ],
  });
}

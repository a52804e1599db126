import { audited } from '../../audit/ledger/entry';
import type { Binding } from '../../tenancy/loosening';
import type { Tenant } from '../../tenancy/tenant.entity';
import { readTenantSettings } from '../../tenancy/tenant-settings';

export const tenantStatuses = ['active', 'deactivated'] as const satisfies readonly Tenant['status'][];

/** A tenant as its operators see it: from outside, without its settings but those that operators alone may loosen. */
export function toTenantResponse({
  id,
  slug,
  name,
  status,
  timeZone,
  settings,
  version,
  createdAt,
  updatedAt,
}: Tenant) {
  return {
    id,
    slug,
    name,
    status,
    timeZone,
    ...bindingOf(readTenantSettings(settings)),
    version,
    createdAt,
    updatedAt,
  };
}
export type TenantResponse = ReturnType<typeof toTenantResponse>;

/** The fields that the ledger compares. */
export function tenantToAudit(tenant: TenantResponse) {
  const { slug, name, status, timeZone } = tenant;
  return { slug, name, status, timeZone, ...bindingOf(tenant) };
}

export const tenantEntry = audited('tenant', tenantToAudit);

/** The settings of the tenant that its operators alone may loosen. */
export const bindingOf = ({ fourEyes, lookBackHours, beyondLookBack, quotas }: Binding): Binding => ({
  fourEyes,
  lookBackHours,
  beyondLookBack,
  quotas,
});

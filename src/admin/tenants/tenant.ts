import type { Binding } from '../../tenancy/loosening';

export const tenantStatuses = ['active', 'deactivated'] as const;
export type TenantStatus = (typeof tenantStatuses)[number];

/** A tenant as its operators see it: from outside, without its settings but those that operators alone may loosen. */
export interface TenantRecord extends Readonly<Binding> {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly status: TenantStatus;
  readonly timeZone: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The fields that the ledger compares. */
export function told(tenant: TenantRecord): Record<string, unknown> {
  const { slug, name, status, timeZone } = tenant;
  return { slug, name, status, timeZone, ...bindingOf(tenant) };
}

/** The settings of the tenant that its operators alone may loosen. */
export const bindingOf = ({ fourEyes, lookBackHours, beyondLookBack }: Binding): Binding => ({
  fourEyes,
  lookBackHours,
  beyondLookBack,
});

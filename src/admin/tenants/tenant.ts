import type { FourEyes } from '../../tenancy/tenant-settings';

export const tenantStatuses = ['active', 'deactivated'] as const;
export type TenantStatus = (typeof tenantStatuses)[number];

/** A tenant as its operators see it: from outside, without its settings but those that operators alone may loosen. */
export interface TenantRecord {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly status: TenantStatus;
  readonly timeZone: string;
  readonly fourEyes: FourEyes;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The fields that the ledger compares. */
export function told({ slug, name, status, timeZone, fourEyes }: TenantRecord): Record<string, unknown> {
  return { slug, name, status, timeZone, fourEyes };
}

import { formatDate } from '../rules/time/calendar';
import { zoneNamed } from '../rules/time/zone';
import { policyOf } from './policies-in-force';
import { policyView } from './policy-view';

/** A version of the rules as people handle it; for the computation see PolicyVersions. */
export interface StoredPolicy {
  readonly id: string;
  readonly name: string;
  readonly effectiveFrom: string;
  readonly orgUnitId?: string;
  /** JSON text. */
  readonly settings: string;
  /** Its date has come in the tenant's zone: days are being computed by it, so it stays what it is. */
  readonly inUse: boolean;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly createdBy: string;
}

export interface PolicyRow extends Record<string, unknown> {
  id: string;
  name: string;
  effective_from: string;
  org_unit_id: string | null;
  settings: string;
  version: number;
  created_at: Date;
  updated_at: Date;
  created_by: string;
  time_zone: string;
}

export const policyColumns = `p.id, p.name, p.effective_from::text AS effective_from, p.org_unit_id, p.settings::text AS settings, p.version,
  p.created_at, p.updated_at, p.created_by, (SELECT t.time_zone FROM tenants t WHERE t.id = p.tenant_id) AS time_zone`;

export function storedPolicyOf(row: PolicyRow): StoredPolicy {
  const today = formatDate(zoneNamed(row.time_zone).dayOf(Math.floor(Date.now() / 1000)));
  return {
    id: row.id,
    name: row.name,
    effectiveFrom: row.effective_from,
    ...(row.org_unit_id === null ? {} : { orgUnitId: row.org_unit_id }),
    settings: row.settings,
    inUse: row.effective_from <= today,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    createdBy: row.created_by,
  };
}

/** A version as the API shows it. */
export function policyResponse({ settings, version, createdAt, updatedAt, createdBy, ...policy }: StoredPolicy) {
  return {
    ...policy,
    settings: JSON.parse(settings) as Record<string, unknown>,
    effective: policyView(policyOf(settings)),
    version,
    createdAt,
    updatedAt,
    createdBy,
  };
}

/** A version as the ledger remembers it. */
export function policyToAudit({ name, effectiveFrom, orgUnitId, settings }: StoredPolicy): Record<string, unknown> {
  return { name, effectiveFrom, orgUnitId, settings: JSON.parse(settings) as Record<string, unknown> };
}

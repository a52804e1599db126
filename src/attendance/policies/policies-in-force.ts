import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { DEFAULT_POLICY, type Policy } from '../rules/policy';
import { policySchema } from '../rules/preview/policy.schemas';
import type { DayNumber } from '../rules/time/calendar';

/** A version of the rules as it is stored: from `from` on, for one org unit or (null) for everybody. */
export interface PolicyVersion {
  readonly id: string;
  readonly orgUnitId: string | null;
  readonly from: DayNumber;
  /** The settings as JSON text, durations in minutes. */
  readonly settings: string;
}

/** `id` is null where the defaults apply: no version has come into force yet. */
interface PolicyInForce {
  readonly id: string | null;
  readonly policy: Policy;
}

const DEFAULTS: PolicyInForce = { id: null, policy: DEFAULT_POLICY };
/** Settings never change under the same text, and a tenant has few: they are read into a policy once a process. */
const parsed = new Map<string, Policy>();
const CACHE_LIMIT = 2000;

/** The policy that stored settings mean. Throws where they mean nothing, which nothing that was accepted does. */
export function policyOf(settings: string): Policy {
  let policy = parsed.get(settings);
  if (!policy) {
    policy = policySchema.parse(JSON.parse(settings));
    if (parsed.size >= CACHE_LIMIT) parsed.clear();
    parsed.set(settings, policy);
  }
  return policy;
}

/** The versions of one tenant, asked for every employee and day: no lookup allocates anything. */
export class PolicyVersions {
  /** By org unit, the newest first. */
  private readonly byUnit = new Map<string | null, (PolicyInForce & { readonly from: DayNumber })[]>();

  constructor(versions: readonly PolicyVersion[]) {
    for (const { id, orgUnitId, from, settings } of [...versions].sort((a, b) => b.from - a.from)) {
      const version = { id, from, policy: policyOf(settings) };
      const unit = this.byUnit.get(orgUnitId);
      if (unit) unit.push(version);
      else this.byUnit.set(orgUnitId, [version]);
    }
  }

  /** The latest version of the org unit whose date has come, else the latest for everybody, else the defaults. */
  inForce(orgUnitId: string | null, day: DayNumber): PolicyInForce {
    return (orgUnitId === null ? undefined : this.latest(orgUnitId, day)) ?? this.latest(null, day) ?? DEFAULTS;
  }

  private latest(orgUnitId: string | null, day: DayNumber): PolicyInForce | undefined {
    return this.byUnit.get(orgUnitId)?.find((version) => version.from <= day);
  }
}

interface VersionRow extends Record<string, unknown> {
  id: string;
  org_unit_id: string | null;
  day: number;
  settings: string;
}

const allVersions = statement(
  'calendar.policies_in_force',
  `SELECT id, org_unit_id, effective_from - date '1970-01-01' AS day, settings::text AS settings
   FROM attendance_policies WHERE tenant_id = $1`,
);

/** Every version of the tenant, whether its date has come or not. One statement. */
export async function loadPolicies(tx: Transaction, tenantId: string): Promise<PolicyVersions> {
  const rows = await tx.rows<VersionRow>(allVersions, [tenantId]);
  return new PolicyVersions(
    rows.map(({ id, org_unit_id: orgUnitId, day: from, settings }) => ({ id, orgUnitId, from, settings })),
  );
}

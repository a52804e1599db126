import { Injectable } from '@nestjs/common';
import { acrossTenants, statement } from '../database/statement';
import type { Transaction } from '../database/transaction';
import type { Permission } from './principal';
import { type Person, tenantRules } from './principals.repository';

type KeyRow = {
  id: string;
  name: string;
  org_unit_id: string | null;
  permissions: Permission[];
  allowed_networks: string[];
  holders: string[];
  secret: string;
  former: string | null;
  former_until: Date | null;
  expires_at: Date | null;
  slug: string;
  tenant_name: string;
  settings: unknown;
  time_zone: string;
};

const find = statement(
  'auth.api_key',
  `SELECT k.id, k.name, k.org_unit_id, k.permissions, k.allowed_networks, k.holders, encode(k.secret_hash, 'hex') AS secret,
     encode(k.former_hash, 'hex') AS former, k.former_until, k.expires_at, t.slug, t.name AS tenant_name, t.settings, t.time_zone
   FROM api_keys k JOIN tenants t ON t.id = k.tenant_id
   WHERE k.tenant_id = $1 AND k.id = $2 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()) AND t.status = 'active'`,
);
const place = acrossTenants('auth.api_key_place', 'SELECT tenant_id, key_id FROM api_key_place($1::bytea)');
const used = statement(
  'auth.api_keys_used',
  `UPDATE api_keys AS k SET last_used_at = u.at FROM unnest($2::uuid[], $3::timestamptz[]) AS u (id, at)
   WHERE k.tenant_id = $1 AND k.id = u.id AND (k.last_used_at IS NULL OR k.last_used_at < u.at)`,
);

/** Where a key belongs. */
export interface KeyPlace {
  readonly tenantId: string;
  readonly keyId: string;
}

/** What recognising API keys reads and notes of them. */
@Injectable()
export class ApiKeysRepository {
  /** The key as a caller, unless it is revoked or expired or its tenant deactivated. How long its secrets are good is looked at on every use. */
  async find(tx: Transaction, tenantId: string, keyId: string): Promise<Person | undefined> {
    const row = await tx.row<KeyRow>(find, [tenantId, keyId]);
    if (!row) return undefined;
    const end = row.expires_at?.getTime() ?? Infinity;
    const former = row.former === null ? [] : [{ hash: row.former, until: row.former_until?.getTime() ?? 0 }];
    const secrets = [
      { hash: row.secret, until: end },
      ...former.map((each) => ({ ...each, until: Math.min(end, each.until) })),
    ];
    return {
      principal: {
        userId: row.id,
        tenantId,
        tenantSlug: row.slug,
        email: null,
        name: row.name,
        orgUnitId: row.org_unit_id,
        timeZone: row.time_zone,
        roles: [],
        permissions: new Set(row.permissions),
        ...tenantRules(row.settings),
        key: { holders: row.holders, networks: row.allowed_networks, secrets },
      },
      tenantName: row.tenant_name,
    };
  }

  /** Whose key has this hash; asked across tenants, before there is one. */
  async place(tx: Transaction, hash: string): Promise<KeyPlace | undefined> {
    const row = await tx.row<{ tenant_id: string; key_id: string }>(place, [`\\x${hash}`]);
    return row && { tenantId: row.tenant_id, keyId: row.key_id };
  }

  /** Notes when keys were last used. Not a change that anybody made: no version, no entry in the ledger, no notice. */
  async noteUses(tx: Transaction, tenantId: string, uses: readonly { id: string; at: number }[]): Promise<void> {
    const times = uses.map(({ at }) => new Date(at).toISOString());
    await tx.run(used, [tenantId, uses.map(({ id }) => id), times]);
  }
}

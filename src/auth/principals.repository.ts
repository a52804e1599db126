import { Injectable } from '@nestjs/common';
import { acrossTenants, statement } from '../database/statement';
import type { Transaction } from '../database/transaction';
import { readTenantSettings } from '../tenancy/tenant-settings';
import { permissionsOf } from './roles';
import type { Permission, Principal } from './principal';

/** A person who may come in, with the tenant's name, which only people want to see. */
export interface Person {
  readonly principal: Principal;
  readonly tenantName: string;
}

type PersonRow = {
  id: string;
  email: string | null;
  name: string;
  org_unit_id: string | null;
  roles: string[];
  /** Of those roles that are no templates. */
  permissions: Permission[];
  slug: string;
  tenant_name: string;
  settings: unknown;
  time_zone: string;
};

export type Place = { tenant_id: string; slug: string; user_id: string };

const findPerson = statement(
  'auth.person',
  `SELECT u.id, u.email, u.name, u.org_unit_id, t.slug, t.name AS tenant_name, t.settings, t.time_zone,
     ARRAY(SELECT r.role FROM user_roles r WHERE r.tenant_id = u.tenant_id AND r.user_id = u.id ORDER BY r.role) AS roles,
     ARRAY(SELECT DISTINCT unnest(c.permissions) FROM user_roles r JOIN roles c ON c.tenant_id = r.tenant_id AND c.name = r.custom_role
       WHERE r.tenant_id = u.tenant_id AND r.user_id = u.id) AS permissions
   FROM users u JOIN tenants t ON t.id = u.tenant_id
   WHERE u.tenant_id = $1 AND u.id = $2 AND u.status = 'active' AND t.status = 'active'`,
);
const findPlaces = acrossTenants('auth.sign_in_places', 'SELECT tenant_id, slug, user_id FROM sign_in_places($1, $2)');
const findPassword = statement('auth.password', 'SELECT password_hash FROM users WHERE tenant_id = $1 AND id = $2');
// Shared with other sign-ins, against a change of the person: whoever deactivates them or changes the password afterwards
// sees the session that is opened here, and ends it.
const holdPassword = statement(
  'auth.hold_password',
  'SELECT password_hash FROM users WHERE tenant_id = $1 AND id = $2 FOR SHARE',
);
const replacePassword = statement(
  'auth.rehash',
  'UPDATE users SET password_hash = $4, updated_at = now() WHERE tenant_id = $1 AND id = $2 AND password_hash = $3',
);

const noteAddress = statement(
  'auth.note_address',
  `INSERT INTO sign_in_addresses AS known (tenant_id, user_id, network) VALUES ($1, $2, sign_in_network($3::inet))
   ON CONFLICT (tenant_id, user_id, network) DO UPDATE SET signed_in_at = now() WHERE known.signed_in_at < now() - interval '1 hour'`,
);

/** What the settings of a tenant say about every caller in it. */
export function tenantRules(settings: unknown) {
  const { allowedNetworks, fourEyes, quotas, requireIdempotencyKey } = readTenantSettings(settings);
  return { allowedNetworks, fourEyes, quotas, requiresIdempotencyKey: requireIdempotencyKey };
}

/** What signing in and recognising people reads of them. */
@Injectable()
export class PrincipalsRepository {
  /** The person, unless they or their tenant are deactivated. */
  async find(tx: Transaction, tenantId: string, userId: string): Promise<Person | undefined> {
    const row = await tx.row<PersonRow>(findPerson, [tenantId, userId]);
    if (!row) return undefined;
    const principal: Principal = {
      userId: row.id,
      tenantId,
      tenantSlug: row.slug,
      email: row.email,
      name: row.name,
      orgUnitId: row.org_unit_id,
      timeZone: row.time_zone,
      roles: row.roles,
      permissions: permissionsOf(row.roles, row.permissions),
      ...tenantRules(row.settings),
    };
    return { principal, tenantName: row.tenant_name };
  }

  /** The active tenants in which an active person has this address; asked across tenants, before there is one. */
  places(tx: Transaction, email: string, slug: string | null): Promise<Place[]> {
    return tx.rows<Place>(findPlaces, [email, slug]);
  }

  /** As passwordHash(), and nobody changes the person before the end of the transaction. */
  async holdPassword(tx: Transaction, tenantId: string, userId: string): Promise<string | null> {
    return (await tx.row<{ password_hash: string | null }>(holdPassword, [tenantId, userId]))?.password_hash ?? null;
  }

  async passwordHash(tx: Transaction, tenantId: string, userId: string): Promise<string | null> {
    return (await tx.row<{ password_hash: string | null }>(findPassword, [tenantId, userId]))?.password_hash ?? null;
  }

  /** Stores a costlier hash of the same password, unless the password was changed meanwhile. */
  async rehash(tx: Transaction, place: Place, before: string, after: string): Promise<void> {
    await tx.run(replacePassword, [place.tenant_id, place.user_id, before, after]);
  }

  /** Remembers from where the person has signed in. */
  async noteAddress(tx: Transaction, place: Place, ip: string): Promise<void> {
    await tx.run(noteAddress, [place.tenant_id, place.user_id, ip]);
  }
}

import { Injectable } from '@nestjs/common';
import { PLATFORM_TENANT } from '../../auth/principal';
import { refusing } from '../../database/failures';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { Problem } from '../../http/problems/problem';
import type { Binding } from '../../tenancy/loosening';
import { readTenantSettings } from '../../tenancy/tenant-settings';
import { bindingOf, type TenantRecord, type TenantStatus } from './tenant';

interface TenantRow extends Record<string, unknown> {
  id: string;
  slug: string;
  name: string;
  status: TenantStatus;
  time_zone: string;
  settings: unknown;
  version: number;
  created_at: Date;
  updated_at: Date;
}

const columns = 'id, slug, name, status, time_zone, settings, version, created_at, updated_at';
// The platform is no tenant to be administered: deactivating it would lock out every operator.
const real = `id <> '${PLATFORM_TENANT}'`;

const byId = statement('tenants.by_id', `SELECT ${columns} FROM tenants WHERE id = $1 AND ${real}`);
const lockById = statement(
  'tenants.lock',
  `SELECT ${columns} FROM tenants WHERE id = $1 AND ${real} FOR NO KEY UPDATE`,
);
const page = statement(
  'tenants.page',
  `SELECT ${columns} FROM tenants WHERE ${real} AND ($1::text IS NULL OR status = $1) AND slug > $2 ORDER BY slug LIMIT $3`,
);
const insert = statement(
  'tenants.insert',
  `INSERT INTO tenants (slug, name, time_zone) VALUES ($1, $2, $3) RETURNING ${columns}`,
);
// Trigger `tenants_time_zone_remembered` keeps the zone of the days until now.
const update = statement(
  'tenants.update',
  `UPDATE tenants SET name = $2, time_zone = $3, status = $4,
     settings = settings || $5::jsonb, version = version + 1, updated_at = now()
   WHERE id = $1 AND ${real} RETURNING ${columns}`,
);

/**
 * The tenants, as the platform's transactions see them; the policy tenants_platform admits nobody else to this view. These
 * are the only statements of the product whose rows have no tenant_id: the row is the tenant.
 */
@Injectable()
export class TenantsRepository {
  async find(tx: Transaction, id: string): Promise<TenantRecord | undefined> {
    const row = await tx.row<TenantRow>(byId, [id]);
    return row && tenantOf(row);
  }

  async lock(tx: Transaction, id: string): Promise<TenantRecord | undefined> {
    const row = await tx.row<TenantRow>(lockById, [id]);
    return row && tenantOf(row);
  }

  async page(tx: Transaction, status: TenantStatus | undefined, after: string, limit: number): Promise<TenantRecord[]> {
    return (await tx.rows<TenantRow>(page, [status ?? null, after, limit])).map(tenantOf);
  }

  async insert(tx: Transaction, tenant: { slug: string; name: string; timeZone: string }): Promise<TenantRecord> {
    const { slug, name, timeZone } = tenant;
    const row = await refusing(tx.row<TenantRow>(insert, [slug, name, timeZone]), { tenants_slug_unique: slugTaken });
    return present(row);
  }

  async update(
    tx: Transaction,
    id: string,
    to: Pick<TenantRecord, 'name' | 'timeZone' | 'status' | keyof Binding>,
  ): Promise<TenantRecord> {
    return present(
      await tx.row<TenantRow>(update, [id, to.name, to.timeZone, to.status, JSON.stringify(bindingOf(to))]),
    );
  }
}

function present(row: TenantRow | undefined): TenantRecord {
  if (!row) throw new Error('A tenant disappeared under its lock');
  return tenantOf(row);
}

function tenantOf(row: TenantRow): TenantRecord {
  const { id, slug, name, status, version } = row;
  return {
    id,
    slug,
    name,
    status,
    timeZone: row.time_zone,
    ...bindingOf(readTenantSettings(row.settings)),
    version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function slugTaken(): Problem {
  return new Problem('slug_taken', 'Another tenant has this short name.', {
    errors: [{ pointer: '/slug', code: 'slug_taken', detail: 'is taken; choose another one' }],
  });
}

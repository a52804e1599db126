import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity';
import { PLATFORM_TENANT } from '../../tenancy/platform-tenant';
import { refusing } from '../../database/failures';
import type { Transaction } from '../../database/transaction';
import type { PageBounds } from '../../http/paging/cursor';
import { Problem } from '../../http/problems/problem';
import { Tenant } from '../../tenancy/tenant.entity';

/**
 * The tenants, as the platform's transactions see them; the policy tenants_platform admits nobody else to this view. A tenant's
 * own transaction sees itself alone. These are the only rows of the product without a tenant_id: the row is the tenant.
 */
@Injectable()
export class TenantsRepository {
  constructor(@InjectRepository(Tenant) private readonly tenants: Repository<Tenant>) {}

  find(tx: Transaction, id: string): Promise<Tenant | null> {
    return tx.repository(this.tenants).findOneBy({ id });
  }

  lock(tx: Transaction, id: string): Promise<Tenant | null> {
    return tx.repository(this.tenants).findOne({ where: { id }, lock: { mode: 'for_no_key_update' } });
  }

  /** A page of the tenants of one status, or of all, by their short names. The platform is none of them. */
  page(tx: Transaction, status: Tenant['status'] | null, { after: [slug], limit }: PageBounds): Promise<Tenant[]> {
    return tx
      .repository(this.tenants)
      .createQueryBuilder('listed') // not 'tenant': its id would be read as the `tenant_id` of a row
      .where('listed.id <> :platform AND listed.slug > :slug', { platform: PLATFORM_TENANT, slug })
      .andWhere('(CAST(:status AS text) IS NULL OR listed.status = :status)', { status })
      .orderBy('listed.slug')
      .limit(limit)
      .getMany();
  }

  async insert(tx: Transaction, values: Pick<Tenant, 'slug' | 'name' | 'timeZone'>): Promise<Tenant> {
    const tenant = this.tenants.create(values);
    const insert = tx
      .repository(this.tenants)
      .createQueryBuilder()
      .insert()
      .values(tenant as QueryDeepPartialEntity<Tenant>);
    await refusing(insert.execute(), { tenants_slug_unique: slugTaken });
    return tenant;
  }

  /**
   * Changes a locked tenant; answers it as it is now. Trigger `tenants_time_zone_remembered` keeps the zone of the days until
   * now, `tenants_change_announced` tells other replicas.
   */
  async update(
    tx: Transaction,
    tenant: Tenant,
    values: Partial<Pick<Tenant, 'name' | 'timeZone' | 'status' | 'settings'>>,
  ): Promise<Tenant> {
    const changed = Object.assign(this.tenants.create(), tenant, values);
    await tx
      .repository(this.tenants)
      .createQueryBuilder()
      .update()
      .set(values as QueryDeepPartialEntity<Tenant>)
      .whereEntity(changed)
      .execute();
    return changed;
  }
}

function slugTaken(): Problem {
  return new Problem('slug_taken', 'Another tenant has this short name.', {
    errors: [{ pointer: '/slug', code: 'slug_taken', detail: 'is taken; choose another one' }],
  });
}

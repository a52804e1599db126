import { Column, Entity, ForeignKey, Unique, VirtualColumn } from 'typeorm';
import { IdentifiedResource } from '../../database/orm/tenant-resource';
import { Tenant } from '../../tenancy/tenant.entity';

/** A version of the rules as people handle it; for the computation see PolicyVersions. One a date: NULLS NOT DISTINCT. */
@Entity('attendance_policies')
@ForeignKey(() => Tenant, ['tenantId'], ['id'], { name: 'attendance_policies_tenant_fkey', onDelete: 'RESTRICT' })
@Unique('attendance_policies_date_unique', ['tenantId', 'orgUnitId', 'effectiveFrom'])
export class StoredPolicy extends IdentifiedResource {
  @Column('text')
  name!: string;

  @Column({ type: 'uuid', nullable: true, update: false })
  orgUnitId!: string | null;

  @Column({ type: 'date', update: false })
  effectiveFrom!: string;

  /** As they were sent. */
  @Column('jsonb')
  settings!: Readonly<Record<string, unknown>>;

  @Column({ type: 'uuid', update: false })
  createdBy!: string;

  /** Of the tenant: by its clock the date comes. */
  @VirtualColumn({ query: (alias) => `SELECT t.time_zone FROM tenants t WHERE t.id = ${alias}.tenant_id` })
  timeZone!: string;
}

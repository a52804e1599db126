import { Column, Entity, ForeignKey, Unique } from 'typeorm';
import { IdentifiedResource } from '../../database/orm/tenant-resource';
import { Tenant } from '../../tenancy/tenant.entity';

/** A public holiday, for everybody or for the employees of one org unit (a site in another country). One a date: NULLS NOT DISTINCT. */
@Entity('holidays')
@ForeignKey(() => Tenant, ['tenantId'], ['id'], { name: 'holidays_tenant_fkey', onDelete: 'RESTRICT' })
@Unique('holidays_date_unique', ['tenantId', 'date', 'orgUnitId'])
export class Holiday extends IdentifiedResource {
  /** Local date: it is a holiday for as long as that date lasts on the employee's clock. */
  @Column('date', { name: 'work_date' })
  date!: string;

  @Column('text')
  name!: string;

  @Column('uuid', { nullable: true })
  orgUnitId!: string | null;
}

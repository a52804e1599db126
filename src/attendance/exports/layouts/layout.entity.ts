import { Column, Entity, ForeignKey, Index } from 'typeorm';
import { NumberedResource } from '../../../database/orm/tenant-resource';
import { Tenant } from '../../../tenancy/tenant.entity';
import type { LayoutBody } from './layout.schemas';

/** A stored payroll layout. Its name is unique in the tenant, whatever its capitals. */
@Entity('export_layouts')
@ForeignKey(() => Tenant, ['tenantId'], ['id'], { name: 'export_layouts_tenant_fkey', onDelete: 'RESTRICT' })
@Index('export_layouts_name_unique', { synchronize: false }) // on lower(name), which TypeORM cannot say
export class ExportLayout extends NumberedResource {
  @Column('text')
  name!: string;

  /** All else of its body: columns, pay codes, units. `json` keeps the order of the members. */
  @Column({ type: 'json' })
  definition!: Omit<LayoutBody, 'name'>;

  @Column({ type: 'uuid', update: false })
  createdBy!: string;
}

import { Check, Column, Entity, ForeignKey, Unique } from 'typeorm';
import type { Permission } from '../../../auth/principal';
import { NumberedResource } from '../../../database/orm/tenant-resource';
import { Tenant } from '../../../tenancy/tenant.entity';

/** A role that a tenant made itself. People hold it by its name, which therefore stays. */
@Entity('roles')
@ForeignKey(() => Tenant, ['tenantId'], ['id'], { name: 'roles_tenant_fkey', onDelete: 'RESTRICT' })
@Unique('roles_name_unique', ['tenantId', 'name'])
@Check('roles_name_form', "name ~ '^[a-z][a-z0-9_-]{0,62}$'")
@Check(
  'roles_permissions_known',
  "cardinality(permissions) > 0 AND permissions <@ ARRAY['attendance:read', 'attendance:write', 'attendance:approve', 'attendance:payroll', 'attendance:admin']",
)
export class CustomRole extends NumberedResource {
  @Column({ type: 'text', update: false })
  name!: string;

  @Column('text')
  title!: string;

  @Column({ type: 'text', nullable: true })
  description!: string | null;

  @Column('text', { array: true })
  permissions!: Permission[];

  @Column({ type: 'uuid', update: false })
  createdBy!: string;
}

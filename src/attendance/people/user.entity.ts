import { Check, Column, Entity, ForeignKey, Index } from 'typeorm';
import { IdentifiedResource } from '../../database/orm/tenant-resource';
import { Tenant } from '../../tenancy/tenant.entity';

/** Somebody of a tenant. An employee is a user with an employee number; `id` is the employeeId of what is theirs. */
@Entity('users')
@ForeignKey(() => Tenant, ['tenantId'], ['id'], { name: 'users_tenant_fkey', onDelete: 'RESTRICT' })
@Check('users_email_lower', 'email = lower(email)')
@Check('users_status_known', "status IN ('active', 'deactivated')")
@Check('users_employment_ordered', 'left_on >= hired_on')
@Index('users_email_unique', ['tenantId', 'email'], { unique: true, where: 'email IS NOT NULL' })
@Index('users_employee_number_unique', ['tenantId', 'employeeNumber'], {
  unique: true,
  where: 'employee_number IS NOT NULL',
})
@Index('users_email_anywhere', ['email'], { where: 'email IS NOT NULL' })
export class StoredUser extends IdentifiedResource {
  @Column({ type: 'text', nullable: true })
  email!: string | null;

  @Column('text')
  name!: string;

  @Column({ type: 'text', nullable: true })
  employeeNumber!: string | null;

  @Column({ type: 'text', nullable: true, select: false })
  passwordHash!: string | null;

  @Column({ type: 'text', insert: false, default: 'active' })
  status!: 'active' | 'deactivated';

  /** Null: that of the tenant. */
  @Column({ type: 'text', nullable: true })
  timeZone!: string | null;

  @Column({ type: 'uuid', nullable: true })
  orgUnitId!: string | null;

  /** First and last date of employment, both included. */
  @Column({ type: 'date', nullable: true })
  hiredOn!: string | null;

  @Column({ type: 'date', nullable: true })
  leftOn!: string | null;
}

import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { TenantRow } from '../../database/orm/tenant-resource';
import { StoredUser } from '../people/user.entity';

/** Leave of a person on one date: all of it, or from an instant to another. Never changed: it is deleted and entered anew. */
@Entity('leave_entries')
@ForeignKey(() => StoredUser, ['tenantId', 'employeeId'], ['tenantId', 'id'], {
  name: 'leave_entries_employee_fkey',
  onDelete: 'RESTRICT',
})
@Check('leave_entries_hours_ordered', '(starts_at IS NULL) = (ends_at IS NULL) AND ends_at > starts_at')
@Index('leave_entries_of', ['tenantId', 'employeeId', 'date'])
@Index('leave_entries_listing', ['tenantId', 'date', 'id'])
@Index('leave_entries_due', ['dueAt'], { where: 'due_at IS NOT NULL' })
export class Leave extends TenantRow {
  @PrimaryColumn('uuid', { update: false, default: () => 'new_id()' })
  override id!: string;

  @Column({ type: 'uuid', update: false })
  employeeId!: string;

  /** The work date that it counts for. */
  @Column({ type: 'date', name: 'work_date', update: false })
  date!: string;

  @Column({ type: 'text', update: false })
  code!: string;

  @Column({ type: 'timestamptz', nullable: true, update: false })
  startsAt!: Date | null;

  @Column({ type: 'timestamptz', nullable: true, update: false })
  endsAt!: Date | null;

  @Column({ type: 'text', nullable: true, update: false })
  note!: string | null;

  /** When the date has to be computed although nobody punches: set by a trigger, for the clock of days alone. */
  @Column({ type: 'timestamptz', nullable: true, insert: false, update: false, select: false })
  dueAt!: Date | null;

  @Column({ type: 'integer', insert: false, update: false, default: 1 })
  override version!: number;

  @Column({ type: 'uuid', update: false })
  createdBy!: string;
}

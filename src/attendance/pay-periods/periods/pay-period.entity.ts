import { Check, Column, Entity, ForeignKey, Index, Unique } from 'typeorm';
import { IdentifiedResource } from '../../../database/orm/tenant-resource';
import { Tenant } from '../../../tenancy/tenant.entity';

/** Dates that are paid together, both ends included. Closed, nothing in it changes. */
@Entity('pay_periods')
@ForeignKey(() => Tenant, ['tenantId'], ['id'], { name: 'pay_periods_tenant_fkey', onDelete: 'RESTRICT' })
@Unique('pay_periods_start_unique', ['tenantId', 'startDate'])
@Check('pay_periods_dates_ordered', 'end_date >= start_date')
@Check('pay_periods_status_known', "status IN ('open', 'closed')")
@Index('pay_periods_closed', ['tenantId', 'endDate', 'startDate'], { where: "status = 'closed'" })
export class StoredPayPeriod extends IdentifiedResource {
  @Column('text')
  name!: string;

  @Column({ type: 'date', update: false })
  startDate!: string;

  @Column({ type: 'date', update: false })
  endDate!: string;

  @Column('smallint', { default: 0 })
  graceDays!: number;

  @Column({ type: 'text', insert: false, default: 'open' })
  status!: 'open' | 'closed';

  /** How often it was closed. */
  @Column({ type: 'integer', insert: false, default: 0 })
  revision!: number;

  /** SHA-256 of the CSV of the latest revision, in hex. */
  @Column({ type: 'bytea', nullable: true, insert: false, transformer: { from: hexOf, to: bytesOf } })
  contentHash!: string | null;

  @Column({ type: 'timestamptz', nullable: true, insert: false })
  closedAt!: Date | null;

  @Column({ type: 'uuid', nullable: true, insert: false })
  closedBy!: string | null;

  @Column({ type: 'uuid', update: false })
  createdBy!: string;
}

function hexOf(bytes: Buffer | null): string | null {
  return bytes && bytes.toString('hex');
}

function bytesOf(hex: string | null | undefined): Buffer | null | undefined {
  return typeof hex === 'string' ? Buffer.from(hex, 'hex') : hex;
}

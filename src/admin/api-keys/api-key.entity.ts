import { Check, Column, Entity, ForeignKey, Index } from 'typeorm';
import type { Permission } from '../../auth/principal';
import { NumberedResource } from '../../database/orm/tenant-resource';
import { Tenant } from '../../tenancy/tenant.entity';

/** A caller of a tenant that is no person. It is revoked, never deleted: the ledger goes on naming it. */
@Entity('api_keys')
@ForeignKey(() => Tenant, ['tenantId'], ['id'], { name: 'api_keys_tenant_fkey', onDelete: 'RESTRICT' })
@Check(
  'api_keys_permissions_known',
  "cardinality(permissions) > 0 AND permissions <@ ARRAY['attendance:read', 'attendance:write', 'attendance:approve', 'attendance:payroll', 'attendance:admin']",
)
@Check('api_keys_former_whole', '(former_hash IS NULL) = (former_until IS NULL)')
@Check('api_keys_secret_length', 'octet_length(secret_hash) = 32 AND octet_length(former_hash) = 32')
@Index('api_keys_secret_anywhere', ['secretHash'])
@Index('api_keys_former_anywhere', ['formerHash'], { where: 'former_hash IS NOT NULL' })
export class ApiKey extends NumberedResource {
  @Column('text')
  name!: string;

  /** How it begins, for people who look for it. */
  @Column('text')
  prefix!: string;

  @Column('bytea')
  secretHash!: Buffer;

  /** What opened it before its last rotation, and still does until `formerUntil`. */
  @Column({ type: 'bytea', nullable: true, insert: false })
  formerHash!: Buffer | null;

  @Column({ type: 'timestamptz', nullable: true, insert: false })
  formerUntil!: Date | null;

  @Column('text', { array: true })
  permissions!: readonly Permission[];

  @Column({ type: 'uuid', nullable: true })
  orgUnitId!: string | null;

  @Column('text', { array: true })
  allowedNetworks!: readonly string[];

  @Column({ type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;

  /** The people who were shown a secret of it. */
  @Column({ type: 'uuid', array: true })
  holders!: readonly string[];

  /** Written by the callers' side alone (auth/key-uses.ts), once a minute. */
  @Column({ type: 'timestamptz', nullable: true, insert: false })
  lastUsedAt!: Date | null;

  @Column({ type: 'timestamptz', nullable: true, insert: false })
  revokedAt!: Date | null;

  @Column({ type: 'uuid', update: false })
  createdBy!: string;
}

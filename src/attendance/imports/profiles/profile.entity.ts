import { Check, Column, Entity, ForeignKey, Index } from 'typeorm';
import { NumberedResource } from '../../../database/orm/tenant-resource';
import { Tenant } from '../../../tenancy/tenant.entity';
import type { Mapping } from '../reading/mapping';

/** A stored mapping profile. Its name is unique in the tenant, whatever its capitals. */
@Entity('import_profiles')
@ForeignKey(() => Tenant, ['tenantId'], ['id'], { name: 'import_profiles_tenant_fkey', onDelete: 'RESTRICT' })
@Check('import_profiles_kind_known', "kind IN ('punches', 'days')")
@Index('import_profiles_name_unique', { synchronize: false }) // on lower(name), which TypeORM cannot say
@Index('import_profiles_signature', ['tenantId', 'signature'])
export class ImportProfile extends NumberedResource {
  @Column('text')
  name!: string;

  @Column('text')
  kind!: 'punches' | 'days';

  /** `json` keeps the order of the members. */
  @Column({ type: 'json' })
  mapping!: Mapping;

  @Column({ type: 'text', nullable: true })
  timeZone!: string | null;

  /** The header as written. */
  @Column({ type: 'json' })
  columns!: readonly string[];

  /** The header as keys that spelling does not matter for. */
  @Column({ type: 'text', array: true })
  headings!: readonly string[];

  /** The digest of the keys in their order. */
  @Column('text')
  signature!: string;

  @Column({ type: 'uuid', update: false })
  createdBy!: string;
}

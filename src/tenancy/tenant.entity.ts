import {
  Check,
  Column,
  CreateDateColumn,
  Entity,
  PrimaryColumn,
  Unique,
  UpdateDateColumn,
  VersionColumn,
} from 'typeorm';

/** An organisation that uses the product. Nothing of it is ever deleted: it is deactivated. */
@Entity('tenants')
@Unique('tenants_slug_unique', ['slug'])
@Check('tenants_slug_form', "slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'")
@Check('tenants_status_known', "status IN ('active', 'deactivated')")
export class Tenant {
  @PrimaryColumn('uuid', { update: false, default: () => 'new_id()' })
  id!: string;

  @Column({ type: 'text', update: false })
  slug!: string;

  @Column('text')
  name!: string;

  @Column({ type: 'text', insert: false, default: 'active' })
  status!: 'active' | 'deactivated';

  @Column('text', { default: 'UTC' })
  timeZone!: string;

  @Column('jsonb', { default: {} })
  settings!: Record<string, unknown>;

  @VersionColumn({ insert: false, default: 1 })
  version!: number;

  @CreateDateColumn({ type: 'timestamptz', insert: false, update: false, default: () => 'now()' })
  createdAt!: Date;

  @UpdateDateColumn({ type: 'timestamptz', insert: false, default: () => 'now()' })
  updatedAt!: Date;
}

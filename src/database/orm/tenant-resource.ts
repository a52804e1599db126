import { CreateDateColumn, PrimaryColumn, UpdateDateColumn, VersionColumn } from 'typeorm';

/**
 * What every row of a tenant that people handle has. `insert` and `update` mirror the rights of the server's login, column by column, which a
 * test compares: what the database fills in by itself, no statement names. A class of one kind extends one of the two below.
 */
export abstract class TenantRow {
  @PrimaryColumn('uuid', { update: false })
  tenantId!: string;

  abstract id: string;

  /** Counts the changes, for If-Match. */
  abstract version: number;

  @CreateDateColumn({ type: 'timestamptz', insert: false, update: false, default: () => 'now()' })
  createdAt!: Date;
}

/** What every resource has besides, which is a row that changes. */
export abstract class TenantResource extends TenantRow {
  @VersionColumn({ insert: false, default: 1 })
  override version!: number;

  @UpdateDateColumn({ type: 'timestamptz', insert: false, default: () => 'now()' })
  updatedAt!: Date;
}

/** Its identifier is made by the database. */
export abstract class NumberedResource extends TenantResource {
  @PrimaryColumn('uuid', { insert: false, update: false, default: () => 'new_id()' })
  override id!: string;
}

/** Its identifier is made by the database unless a statement brings one: the login may write it. */
export abstract class IdentifiedResource extends TenantResource {
  @PrimaryColumn('uuid', { update: false, default: () => 'new_id()' })
  override id!: string;
}

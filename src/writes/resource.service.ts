import { Inject } from '@nestjs/common';
import { audited, type AuditEntry, type AuditedEntity, type References } from '../audit/ledger/entry';
import type { Principal } from '../auth/principal';
import type { ResourceRepository } from '../database/orm/resource-repository';
import type { TenantRow } from '../database/orm/tenant-resource';
import type { Transaction } from '../database/transaction';
import { UnitOfWork } from '../database/unit-of-work';
import { assertVersion } from '../http/input/if-match';
import { Cursors, type Keyset, type Page, type PageQuery } from '../http/paging/cursor';
import type { Write } from './write';
import { Writes } from './writes';

/** A query with who asks it, for lists that not everybody sees all of. */
export type AskedBy<Q> = Q & { readonly by: Principal };

export interface Versioned {
  readonly id: string;
  readonly version: number;
}

/** What is particular to one kind of resource: of rows E, shown as R. */
export interface ResourceKind<E extends TenantRow, R extends Versioned> {
  readonly entity: AuditedEntity;
  /** Where the resources are: `/api/attendance/holidays`. */
  readonly path: string;
  /** The order of the list. */
  readonly order: Keyset<R>;
  /** A row as the API shows it. */
  readonly toResponse: (row: E) => R;
  /** What the ledger remembers of it. */
  readonly toAudit: (resource: R) => Readonly<Record<string, unknown>>;
  /** What else its entries in the ledger are found by. */
  readonly referencesOf?: (resource: R) => References;
  /** Refuses with 404 a row that the caller may not see; left out, everybody of the tenant may see all. */
  readonly assertVisible?: (tx: Transaction, by: Principal, row: E) => Promise<void>;
  /** Refuses to remove a row that has to stay. */
  readonly assertRemovable?: (row: E, by: Principal) => void;
  /**
   * What follows from a change, in the same transaction. Told the rows as they were and as they are; what it answers is added to the answer
   * of the write, and to what the ledger remembers of a creation.
   */
  readonly afterChange?: (tx: Transaction, rows: readonly [E, ...E[]]) => Promise<object | undefined>;
  /** Called once a change of a row that was there is committed: for what this process remembers of the old state. */
  readonly committed?: (tenantId: string) => void;
}

/** Reading the resources of one kind, and removing them: lock, compare the version, remove, do what follows, leave evidence, answer. */
export abstract class ResourceService<E extends TenantRow, R extends Versioned, Q extends PageQuery> {
  @Inject(Writes) protected readonly writes!: Writes;
  @Inject(UnitOfWork) protected readonly work!: UnitOfWork;
  @Inject(Cursors) protected readonly cursors!: Cursors;
  /** The evidence of one change. */
  protected readonly entry: (action: 'create' | 'update' | 'delete', before?: R, after?: R) => AuditEntry;

  constructor(
    protected readonly rows: ResourceRepository<E, AskedBy<Q>>,
    protected readonly kind: ResourceKind<E, R>,
  ) {
    this.entry = audited(kind.entity, kind.toAudit, kind.referencesOf);
  }

  /** One page. Whatever of the query is neither `limit` nor `cursor` is bound to the cursors that are given out, as is who asks. */
  list(by: Principal, query: Q): Promise<Page<R>> {
    const { limit, cursor, ...filters } = query;
    const scope = { tenantId: by.tenantId, route: this.kind.path, filters: { ...filters, by: by.userId } };
    return this.cursors.page(scope, { limit, cursor }, this.kind.order, async (bounds) => {
      const rows = await this.work.read(by.tenantId, (tx) => this.rows.page(tx, { ...query, by }, bounds));
      return rows.map(this.kind.toResponse);
    });
  }

  get(by: Principal, id: string): Promise<R> {
    return this.work.read(by.tenantId, async (tx) => {
      const row = await this.rows.get(tx, id);
      await this.kind.assertVisible?.(tx, by, row);
      return this.kind.toResponse(row);
    });
  }

  remove(by: Principal, id: string, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const row = await this.locked(tx, by, id, expectedVersion);
      this.kind.assertRemovable?.(row, by);
      await this.rows.remove(tx, row);
      const more = await this.kind.afterChange?.(tx, [row]);
      const removed = this.kind.toResponse(row);
      return {
        answer: { status: 200, body: { ...removed, ...more } },
        audit: [this.entry('delete', removed)],
        ...this.committed(tx),
      };
    });
  }

  /** The part of an outcome that has this process forget. */
  protected committed({ tenantId }: Transaction): { committed?: () => void } {
    const { committed } = this.kind;
    return committed
      ? {
          committed: () => {
            committed(tenantId);
          },
        }
      : {};
  }

  /** The row, locked. 404 if the caller may not see one; only then 412 for another version, which would reveal that it exists. */
  protected async locked(tx: Transaction, by: Principal, id: string, expectedVersion?: number): Promise<E> {
    const row = await this.rows.locked(tx, id);
    await this.kind.assertVisible?.(tx, by, row);
    assertVersion(`this ${this.rows.noun}`, row.version, expectedVersion);
    return row;
  }
}

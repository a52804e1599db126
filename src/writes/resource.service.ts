import { Inject } from '@nestjs/common';
import { audited, type AuditEntry, type AuditedEntity } from '../audit/ledger/entry';
import type { Principal } from '../auth/principal';
import type { ResourceRepository, Values } from '../database/orm/resource-repository';
import type { TenantResource } from '../database/orm/tenant-resource';
import type { Transaction } from '../database/transaction';
import { UnitOfWork } from '../database/unit-of-work';
import { Cursors, type Keyset, type Page, type PageBounds, type PageQuery } from '../http/paging/cursor';
import type { Write } from './write';
import { Writes } from './writes';

type State = Readonly<Record<string, unknown>>;
interface Versioned {
  readonly id: string;
  readonly version: number;
}

/** What is particular to one kind of resource: of rows E, shown as R, created and changed by bodies B. */
interface ResourceKind<E extends TenantResource, R extends Versioned, B> {
  readonly entity: AuditedEntity;
  /** Where the resources are: `/api/attendance/holidays`. */
  readonly path: string;
  /** The order of the list. */
  readonly order: Keyset<R>;
  /** What a body says of a row, which is `before` where it changes one. A value that is undefined leaves what is there. */
  readonly valuesOf: (body: B, before?: E) => Values<E>;
  /** A row as the API shows it. */
  readonly toResponse: (row: E) => R;
  /** What the ledger remembers of it. */
  readonly toAudit: (resource: R) => State;
  /**
   * What follows from a change, in the same transaction. Told the rows as they were and as they are; what it answers is added to the answer
   * of the write, and to what the ledger remembers of a creation.
   */
  readonly afterChange?: (tx: Transaction, rows: readonly [E, ...E[]]) => Promise<object | undefined>;
}

/**
 * Reading and writing the resources of one kind: lock, compare the version, change, do what follows, leave evidence, answer.
 * A service of a kind says what is particular to it, and adds what only it can do.
 */
export abstract class ResourceService<E extends TenantResource, R extends Versioned, B, Q extends PageQuery> {
  @Inject(Writes) protected readonly writes!: Writes;
  @Inject(UnitOfWork) protected readonly work!: UnitOfWork;
  @Inject(Cursors) protected readonly cursors!: Cursors;
  /** The evidence of one change. */
  protected readonly entry: (action: 'create' | 'update' | 'delete', before?: R, after?: R) => AuditEntry;

  constructor(
    private readonly rows: ResourceRepository<E, Q>,
    private readonly kind: ResourceKind<E, R, B>,
  ) {
    this.entry = audited(kind.entity, kind.toAudit);
  }

  list(by: Principal, query: Q): Promise<Page<R>> {
    return this.page(by, query, (tx, bounds) => this.rows.page(tx, query, bounds));
  }

  async get({ tenantId }: Principal, id: string): Promise<R> {
    return this.kind.toResponse(await this.work.read(tenantId, (tx) => this.rows.get(tx, id)));
  }

  create({ userId }: Principal, body: B): Write {
    return this.writes.change(async (tx) => {
      const row = await this.rows.insert(tx, this.kind.valuesOf(body), userId);
      const made = { ...this.kind.toResponse(row), ...(await this.kind.afterChange?.(tx, [row])) };
      return {
        answer: { status: 201, body: made, location: `${this.kind.path}/${made.id}`, version: made.version },
        audit: [this.entry('create', undefined, made)],
      };
    });
  }

  update(id: string, body: B, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const row = await this.rows.locked(tx, id, expectedVersion);
      const changed = await this.rows.update(tx, row, this.kind.valuesOf(body, row));
      const more = await this.kind.afterChange?.(tx, [row, changed]);
      const [before, after] = [this.kind.toResponse(row), this.kind.toResponse(changed)];
      return {
        answer: { status: 200, body: { ...after, ...more }, version: after.version },
        audit: [this.entry('update', before, after)],
      };
    });
  }

  /** `assertMay` refuses a row that has to stay. */
  remove(id: string, expectedVersion?: number, assertMay?: (row: E) => void): Write {
    return this.writes.change(async (tx) => {
      const row = await this.rows.locked(tx, id, expectedVersion);
      assertMay?.(row);
      await this.rows.remove(tx, row);
      const more = await this.kind.afterChange?.(tx, [row]);
      const removed = this.kind.toResponse(row);
      return { answer: { status: 200, body: { ...removed, ...more } }, audit: [this.entry('delete', removed)] };
    });
  }

  /** One page of the tenant's resources. Whatever of the query is neither `limit` nor `cursor` is bound to the cursors that are given out. */
  protected page(
    { tenantId }: Principal,
    { limit, cursor, ...filters }: PageQuery,
    read: (tx: Transaction, bounds: PageBounds) => Promise<readonly E[]>,
  ): Promise<Page<R>> {
    const scope = { tenantId, route: this.kind.path, filters };
    return this.cursors.page(scope, { limit, cursor }, this.kind.order, async (bounds) => {
      const rows = await this.work.read(tenantId, (tx) => read(tx, bounds));
      return rows.map(this.kind.toResponse);
    });
  }
}

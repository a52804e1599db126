import { audited, type AuditEntry, type AuditedEntity } from '../audit/ledger/entry';
import type { Principal } from '../auth/principal';
import type { ResourceRepository, Values } from '../database/orm/resource-repository';
import type { TenantResource } from '../database/orm/tenant-resource';
import type { Transaction } from '../database/transaction';
import type { UnitOfWork } from '../database/unit-of-work';
import type { Cursors, Keyset, Page, PageBounds, PageQuery } from '../http/paging/cursor';
import type { Write } from './write';
import type { Writes } from './writes';

type State = Readonly<Record<string, unknown>>;
interface Versioned {
  readonly id: string;
  readonly version: number;
}

/** What is particular to one kind of resource. */
interface ResourceKind<E, R extends Versioned> {
  readonly entity: AuditedEntity;
  /** Where the resources are: `/api/attendance/holidays`. */
  readonly path: string;
  /** A row as the API shows it. */
  readonly toResponse: (row: E) => R;
  /** What the ledger remembers of it. */
  readonly toAudit: (resource: R) => State;
  /**
   * What follows from a change, in the same transaction. Told the rows as they were and as they are; what it answers is added to the answer
   * of the write.
   */
  readonly afterChange?: (tx: Transaction, rows: readonly E[]) => Promise<object | undefined>;
}

/**
 * Reading and writing the resources of one kind: lock, compare the version, change, do what follows, leave evidence, answer.
 * A service of a kind adds its lists and turns request bodies into values.
 */
export abstract class ResourceService<E extends TenantResource, R extends Versioned> {
  /** The evidence of one change. */
  protected readonly entry: (action: 'create' | 'update' | 'delete', before?: R, after?: R) => AuditEntry;

  constructor(
    protected readonly writes: Writes,
    protected readonly work: UnitOfWork,
    protected readonly cursors: Cursors,
    private readonly rows: ResourceRepository<E>,
    private readonly kind: ResourceKind<E, R>,
  ) {
    this.entry = audited(kind.entity, kind.toAudit);
  }

  async get({ tenantId }: Principal, id: string): Promise<R> {
    return this.kind.toResponse(await this.work.read(tenantId, (tx) => this.rows.get(tx, id)));
  }

  /** One page of the tenant's resources. Whatever of the query is neither `limit` nor `cursor` is bound to the cursors that are given out. */
  protected page(
    { tenantId }: Principal,
    { limit, cursor, ...filters }: PageQuery,
    order: Keyset<R>,
    read: (tx: Transaction, bounds: PageBounds) => Promise<readonly E[]>,
  ): Promise<Page<R>> {
    return this.cursors.page({ tenantId, route: this.kind.path, filters }, { limit, cursor }, order, async (bounds) => {
      const rows = await this.work.read(tenantId, (tx) => read(tx, bounds));
      return rows.map(this.kind.toResponse);
    });
  }

  remove(id: string, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const row = await this.rows.locked(tx, id, expectedVersion);
      await this.rows.remove(tx, row);
      const more = await this.kind.afterChange?.(tx, [row]);
      const removed = this.kind.toResponse(row);
      return { answer: { status: 200, body: { ...removed, ...more } }, audit: [this.entry('delete', removed)] };
    });
  }

  protected insert(values: Values<E>): Write {
    return this.writes.change(async (tx) => {
      const row = await this.rows.insert(tx, values);
      const more = await this.kind.afterChange?.(tx, [row]);
      const made = this.kind.toResponse(row);
      const location = `${this.kind.path}/${made.id}`;
      return {
        answer: { status: 201, body: { ...made, ...more }, location, version: made.version },
        audit: [this.entry('create', undefined, made)],
      };
    });
  }

  /** Changes what `valuesOf` makes of the row as it is; a value that is undefined leaves it so. */
  protected update(id: string, valuesOf: (row: E) => Values<E>, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const row = await this.rows.locked(tx, id, expectedVersion);
      const changed = await this.rows.update(tx, row, valuesOf(row));
      const more = await this.kind.afterChange?.(tx, [row, changed]);
      const [before, after] = [this.kind.toResponse(row), this.kind.toResponse(changed)];
      return {
        answer: { status: 200, body: { ...after, ...more }, version: after.version },
        audit: [this.entry('update', before, after)],
      };
    });
  }
}

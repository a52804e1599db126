import type { AuditedEntity } from '../audit/entry';
import type { Principal } from '../auth/principal';
import type { ResourceRepository, Values } from '../database/orm/resource-repository';
import type { TenantResource } from '../database/orm/tenant-resource';
import type { Transaction } from '../database/transaction';
import type { UnitOfWork } from '../database/unit-of-work';
import type { Write } from './write';
import type { Writes } from './writes';

type State = Readonly<Record<string, unknown>>;
interface Versioned {
  readonly id: string;
  readonly version: number;
}

/** What is particular to one kind of resource. */
export interface ResourceKind<E, R extends Versioned> {
  readonly entity: AuditedEntity;
  /** Where the resources are: `/api/attendance/holidays`. */
  readonly path: string;
  /** A row as the API shows it. */
  readonly toResponse: (row: E) => R;
  /** What the ledger remembers of it. */
  readonly toAudit: (resource: R) => State;
  /** What follows from a change, in the same transaction. Told the rows as they were and as they are. */
  readonly afterChange?: (tx: Transaction, rows: readonly E[]) => Promise<void>;
}

/**
 * Reading and writing the resources of one kind: lock, compare the version, change, do what follows, leave evidence, answer.
 * A service of a kind adds its lists and turns request bodies into values.
 */
export abstract class ResourceService<E extends TenantResource, R extends Versioned> {
  constructor(
    private readonly writes: Writes,
    protected readonly work: UnitOfWork,
    private readonly rows: ResourceRepository<E>,
    private readonly kind: ResourceKind<E, R>,
  ) {}

  async get({ tenantId }: Principal, id: string): Promise<R> {
    return this.kind.toResponse(await this.work.read(tenantId, (tx) => this.rows.get(tx, id)));
  }

  remove(id: string, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const row = await this.rows.locked(tx, id, expectedVersion);
      await this.rows.remove(tx, row);
      await this.kind.afterChange?.(tx, [row]);
      const removed = this.kind.toResponse(row);
      return { answer: { status: 200, body: removed }, audit: [this.entry('delete', removed.id, removed)] };
    });
  }

  protected insert(values: Values<E>): Write {
    return this.writes.change(async (tx) => {
      const row = await this.rows.insert(tx, values);
      await this.kind.afterChange?.(tx, [row]);
      const body = this.kind.toResponse(row);
      const location = `${this.kind.path}/${body.id}`;
      return {
        answer: { status: 201, body, location, version: body.version },
        audit: [this.entry('create', body.id, undefined, body)],
      };
    });
  }

  /** Changes what `valuesOf` makes of the row as it is. */
  protected update(id: string, valuesOf: (row: E) => Values<E>, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const row = await this.rows.locked(tx, id, expectedVersion);
      const changed = await this.rows.update(tx, row, valuesOf(row));
      await this.kind.afterChange?.(tx, [row, changed]);
      const [before, body] = [this.kind.toResponse(row), this.kind.toResponse(changed)];
      return {
        answer: { status: 200, body, version: body.version },
        audit: [this.entry('update', id, before, body)],
      };
    });
  }

  /** The evidence of one change, for writes that a service composes itself. */
  protected entry(action: 'create' | 'update' | 'delete', entityId: string, before?: R, after?: R) {
    const { entity, toAudit } = this.kind;
    return {
      entity,
      action,
      entityId,
      ...(before ? { before: toAudit(before) } : {}),
      ...(after ? { after: toAudit(after) } : {}),
    };
  }
}

import type { Principal } from '../auth/principal';
import type { ResourceRepository, Values } from '../database/orm/resource-repository';
import type { TenantRow } from '../database/orm/tenant-resource';
import type { PageQuery } from '../http/paging/cursor';
import { type AskedBy, type ResourceKind, ResourceService, type Versioned } from './resource.service';
import type { Write } from './write';

/** A kind whose resources are created one by one and changed, by bodies B. */
interface EditedKind<E extends TenantRow, R extends Versioned, B> extends ResourceKind<E, R> {
  /** What a body says of a row, which is `before` where it changes one. A value that is undefined leaves what is there. */
  readonly valuesOf: (body: B, before?: E) => Values<E>;
  /** Refuses a change of a row. */
  readonly assertChangeable?: (row: E, by: Principal, body: B) => void;
}

/** Creating and changing the resources of one kind, besides reading and removing them. */
export abstract class EditedResourceService<
  E extends TenantRow,
  R extends Versioned,
  B,
  Q extends PageQuery,
> extends ResourceService<E, R, Q> {
  constructor(
    rows: ResourceRepository<E, AskedBy<Q>>,
    protected override readonly kind: EditedKind<E, R, B>,
  ) {
    super(rows, kind);
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

  update(by: Principal, id: string, body: B, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const row = await this.locked(tx, by, id, expectedVersion);
      this.kind.assertChangeable?.(row, by, body);
      const changed = await this.rows.update(tx, row, this.kind.valuesOf(body, row));
      const more = await this.kind.afterChange?.(tx, [row, changed]);
      const [before, after] = [this.kind.toResponse(row), this.kind.toResponse(changed)];
      return {
        answer: { status: 200, body: { ...after, ...more }, version: after.version },
        audit: [this.entry('update', before, after)],
        ...this.committed(tx),
      };
    });
  }
}

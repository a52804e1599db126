import type { PageBounds } from '../../http/paging/cursor';
import type { Transaction } from '../transaction';
import { ResourceRepository } from './resource-repository';
import type { TenantRow } from './tenant-resource';

const caseless = 'lower(resource.name) COLLATE "C"';

/** Reads and changes rows of a kind whose names are unique in a tenant, whatever their capitals. */
export abstract class NamedRepository<E extends TenantRow & { name: string }> extends ResourceRepository<E, unknown> {
  /** The rows behind a name, in the order of their names. */
  page(tx: Transaction, _query: unknown, { after: [name], limit }: PageBounds): Promise<E[]> {
    const behind = this.select(tx, 'resource').andWhere(`${caseless} > lower(:name)`, { name });
    return behind.orderBy(caseless).limit(limit).getMany();
  }

  /** The row with this id, or else with this name. */
  async called(tx: Transaction, idOrName: string): Promise<E | undefined> {
    const called = await this.select(tx, 'resource')
      .andWhere(`(resource.id::text = lower(:called) OR ${caseless} = lower(:called))`, { called: idOrName })
      .getMany();
    return called.find(({ id }) => id === idOrName.toLowerCase()) ?? called[0];
  }
}

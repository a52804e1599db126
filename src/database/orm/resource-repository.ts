import type { DeepPartial, FindOptionsWhere, Repository, SelectQueryBuilder } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity';
import type { PageBounds } from '../../http/paging/cursor';
import { notFound, type Problem } from '../../http/problems/problem';
import { refusing } from '../failures';
import type { Transaction } from '../transaction';
import type { TenantResource, TenantRow } from './tenant-resource';

/** A part of a resource's columns. */
export type Values<E extends TenantRow> = Partial<Omit<E, keyof TenantResource>>;

/** The refusal for each violated constraint. */
type Refusals = Readonly<Record<string, () => Problem>>;

/**
 * Reads and changes single rows of one kind of resource, inside the transaction of one tenant. `noun` is what refusals call it.
 * Never save(), remove() or upsert(): they read first, open transactions, and name columns that the login may not write.
 */
export abstract class ResourceRepository<E extends TenantRow, Q> {
  constructor(
    private readonly repository: Repository<E>,
    readonly noun: string,
    private readonly refusals: Refusals = {},
  ) {}

  /** The rows that a query asks for, of one page in the order of the list. */
  abstract page(tx: Transaction, query: Q, bounds: PageBounds): Promise<E[]>;

  find(tx: Transaction, id: string): Promise<E | null> {
    return this.bound(tx).findOneBy(this.key(tx, id));
  }

  /** 404 where the tenant has no such row. */
  async get(tx: Transaction, id: string): Promise<E> {
    return this.present(await this.find(tx, id));
  }

  /** The row, locked until the end of the transaction: 404 where there is none. */
  async locked(tx: Transaction, id: string): Promise<E> {
    const lock = { mode: 'pessimistic_write' } as const;
    return this.present(await this.bound(tx).findOne({ where: this.key(tx, id), lock }));
  }

  /** `createdBy` is remembered where the kind has a column for it. */
  async insert(tx: Transaction, values: Values<E>, createdBy: string): Promise<E> {
    const row = this.made(tx, values, createdBy);
    await this.store(tx, [row]);
    return row;
  }

  /** Several rows by one statement, in the order given. */
  async insertAll(tx: Transaction, all: readonly Values<E>[], createdBy: string): Promise<E[]> {
    const rows = all.map((values) => this.made(tx, values, createdBy));
    await this.store(tx, rows);
    return rows;
  }

  /** Changes a locked row; answers it as it is now. A value that is undefined changes nothing. */
  async update(tx: Transaction, row: E, values: Values<E>): Promise<E> {
    const given = Object.entries(values).filter(([, value]) => value !== undefined);
    const changed: E = Object.assign(this.repository.create(), row, Object.fromEntries(given));
    const update = this.bound(tx)
      .createQueryBuilder()
      .update()
      .set(values as QueryDeepPartialEntity<E>)
      .whereEntity(changed);
    await refusing(update.execute(), this.refusals);
    return changed;
  }

  async remove(tx: Transaction, { id }: E): Promise<void> {
    await refusing(this.bound(tx).delete(this.key(tx, id)), this.refusals);
  }

  /** A query of the tenant's rows. */
  protected select(tx: Transaction, alias: string): SelectQueryBuilder<E> {
    return this.bound(tx).createQueryBuilder(alias).where(`${alias}.tenantId = :tenantId`, { tenantId: tx.tenantId });
  }

  protected bound(tx: Transaction): Repository<E> {
    return tx.repository(this.repository);
  }

  private made(tx: Transaction, values: Values<E>, createdBy: string): E {
    return this.repository.create({ ...values, tenantId: tx.tenantId, createdBy } as unknown as DeepPartial<E>);
  }

  private async store(tx: Transaction, rows: E[]): Promise<void> {
    const insert = this.bound(tx)
      .createQueryBuilder()
      .insert()
      .values(rows as QueryDeepPartialEntity<E>[]);
    await refusing(insert.execute(), this.refusals);
  }

  private key(tx: Transaction, id: string): FindOptionsWhere<E> {
    return { tenantId: tx.tenantId, id } as FindOptionsWhere<E>;
  }

  private present(row: E | null): E {
    if (!row) throw notFound(this.noun);
    return row;
  }
}

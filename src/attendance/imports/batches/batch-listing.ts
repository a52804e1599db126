import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../auth/principal';
import { UnitOfWork } from '../../../database/unit-of-work';
import { Cursors } from '../../../http/paging/cursor';
import { notFound } from '../../../http/problems/problem';
import { FIRST_ITEM, itemsOf } from './batch-items';
import type { BatchQuery, ItemQuery } from './batch.schemas';
import { BatchesRepository } from './batches.repository';
import { jobResponse } from './import-batch';

const END = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Reads batches, and why rows of theirs were rejected. */
@Injectable()
export class BatchListing {
  constructor(
    private readonly work: UnitOfWork,
    private readonly batches: BatchesRepository,
    private readonly cursors: Cursors,
  ) {}

  async job(by: Principal, id: string) {
    const batch = await this.work.read(by.tenantId, (tx) => this.batches.find(tx, id));
    if (!batch) throw notFound('import job');
    return jobResponse(batch);
  }

  async page(by: Principal, { limit, cursor, ...filters }: BatchQuery) {
    const scope = { tenantId: by.tenantId, route: 'import batches', filters };
    const below = cursor === undefined ? END : String(this.cursors.decode(scope, cursor)[0]);
    const found = await this.work.read(by.tenantId, (tx) => this.batches.page(tx, filters.status, below, limit + 1));
    const data = found.slice(0, limit);
    const last = data.at(-1);
    const more = found.length > limit && last !== undefined;
    return {
      data: data.map((row) => jobResponse(row)),
      ...(more ? { nextCursor: this.cursors.encode(scope, [last.id]) } : {}),
    };
  }

  /** The punches of a batch, each with its line. */
  async items(by: Principal, id: string, { limit, cursor }: ItemQuery) {
    const scope = { tenantId: by.tenantId, route: 'import items', filters: { id } };
    const [line, punchId] = cursor === undefined ? FIRST_ITEM : this.cursors.decode(scope, cursor);
    const found = await this.work.read(by.tenantId, async (tx) => {
      if (!(await this.batches.find(tx, id))) throw notFound('import batch');
      return itemsOf(tx, id, [Number(line), String(punchId)], limit + 1);
    });
    const data = found.slice(0, limit);
    const last = data.at(-1);
    if (!last || found.length <= limit) return { data };
    return { data, nextCursor: this.cursors.encode(scope, [last.line, last.punchId]) };
  }

  /** The rejected rows as CSV: which line, which column, what is wrong and what to do. */
  async errors(by: Principal, id: string, limit: number, line: (cells: readonly string[]) => string): Promise<string> {
    const rows = await this.work.read(by.tenantId, async (tx) => {
      if (!(await this.batches.find(tx, id))) throw notFound('import batch');
      return this.batches.errors(tx, id, limit);
    });
    const header = line(['line', 'column', 'value', 'code', 'detail']);
    return [header, ...rows.map((row) => line([String(row.line), row.column, row.value, row.code, row.detail]))].join(
      '',
    );
  }
}

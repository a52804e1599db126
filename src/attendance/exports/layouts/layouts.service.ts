import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '../../../audit/entry';
import type { Principal } from '../../../auth/principal';
import type { Transaction } from '../../../database/transaction';
import { UnitOfWork } from '../../../database/unit-of-work';
import { Cursors } from '../../../http/cursor';
import { notFound, Problem } from '../../../http/problem';
import type { Write } from '../../../writes/write';
import { Writes } from '../../../writes/writes';
import type { LayoutBody, LayoutQuery } from './layout.schemas';
import { type Layout, LayoutsRepository } from './layouts.repository';

/** Stored payroll layouts: what the file of a closed period looks like, said once. */
@Injectable()
export class LayoutsService {
  constructor(
    private readonly writes: Writes,
    private readonly work: UnitOfWork,
    private readonly layouts: LayoutsRepository,
    private readonly cursors: Cursors,
  ) {}

  async page(by: Principal, { limit, cursor }: LayoutQuery) {
    const scope = { tenantId: by.tenantId, route: 'export layouts', filters: {} };
    const after = cursor === undefined ? '' : String(this.cursors.decode(scope, cursor)[0]);
    const found = await this.work.read(by.tenantId, (tx) => this.layouts.page(tx, after, limit + 1));
    const data = found.slice(0, limit);
    const last = data.at(-1);
    if (!last || found.length <= limit) return { data };
    return { data, nextCursor: this.cursors.encode(scope, [last.name]) };
  }

  async get(by: Principal, id: string): Promise<Layout> {
    const layout = await this.work.read(by.tenantId, (tx) => this.layouts.find(tx, id));
    if (!layout) throw notFound('export layout');
    return layout;
  }

  create(by: Principal, body: LayoutBody): Write {
    return this.writes.change(async (tx) => {
      const layout = await this.layouts.insert(tx, body, by.userId);
      const location = `/api/attendance/export/layouts/${layout.id}`;
      return {
        answer: { status: 201, body: layout, location, version: layout.version },
        audit: [entry('create', layout.id, undefined, layout)],
      };
    });
  }

  replace(id: string, body: LayoutBody, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const before = await this.locked(tx, id, expectedVersion);
      const after = await this.layouts.update(tx, id, body);
      return {
        answer: { status: 200, body: after, version: after.version },
        audit: [entry('update', id, before, after)],
      };
    });
  }

  remove(id: string, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const before = await this.locked(tx, id, expectedVersion);
      await this.layouts.remove(tx, id);
      return { answer: { status: 200, body: before }, audit: [entry('delete', id, before)] };
    });
  }

  private async locked(tx: Transaction, id: string, expectedVersion?: number): Promise<Layout> {
    const layout = await this.layouts.lock(tx, id);
    if (!layout) throw notFound('export layout');
    if (expectedVersion !== undefined && layout.version !== expectedVersion) {
      throw new Problem('precondition_failed', 'Somebody else changed this layout since you read it. Read it again.');
    }
    return layout;
  }
}

function entry(action: AuditEntry['action'], id: string, before?: Layout, after?: Layout): AuditEntry {
  const about = { entity: 'export_layout', action, entityId: id } as const;
  return { ...about, ...(before ? { before: told(before) } : {}), ...(after ? { after: told(after) } : {}) };
}

const told = ({ id: _, createdAt: _at, updatedAt: _until, ...layout }: Layout) => layout;

import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../auth/principal';
import { UnitOfWork } from '../../../database/unit-of-work';
import { Cursors } from '../../../http/paging/cursor';
import { ResourceService } from '../../../writes/resource.service';
import type { Write } from '../../../writes/write';
import { Writes } from '../../../writes/writes';
import type { ExportLayout } from './layout.entity';
import { type LayoutBody, layoutBody, type LayoutQuery } from './layout.schemas';
import { LayoutsRepository } from './layouts.repository';

/** The definition is parsed again: what an earlier build stored gets the defaults of members that it did not know. */
export function toResponse({ id, name, definition, version, createdAt, updatedAt }: ExportLayout) {
  return { id, ...layoutBody.parse({ ...definition, name }), version, createdAt, updatedAt };
}
type Layout = ReturnType<typeof toResponse>;

const toAudit = ({ id: _, createdAt: _at, updatedAt: _until, ...layout }: Layout) => layout;

/** Stored payroll layouts: what the file of a closed period looks like, said once. */
@Injectable()
export class LayoutsService extends ResourceService<ExportLayout, Layout> {
  constructor(
    writes: Writes,
    work: UnitOfWork,
    private readonly layouts: LayoutsRepository,
    cursors: Cursors,
  ) {
    super(writes, work, cursors, layouts, {
      entity: 'export_layout',
      path: '/api/attendance/export/layouts',
      toResponse,
      toAudit,
    });
  }

  list(by: Principal, query: LayoutQuery) {
    const byName = { first: [''], positionOf: ({ name }: Layout) => [name] };
    return this.page(by, query, byName, (tx, { after: [name = ''], limit }) =>
      this.layouts.after(tx, String(name), limit),
    );
  }

  create({ userId }: Principal, { name, ...definition }: LayoutBody): Write {
    return this.insert({ name, definition, createdBy: userId });
  }

  replace(id: string, { name, ...definition }: LayoutBody, expectedVersion?: number): Write {
    return this.update(id, () => ({ name, definition }), expectedVersion);
  }
}

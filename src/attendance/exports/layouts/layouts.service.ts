import { Injectable } from '@nestjs/common';
import { byName } from '../../../http/paging/cursor';
import { EditedResourceService } from '../../../writes/edited-resource.service';
import type { ExportLayout } from './layout.entity';
import { type LayoutBody, layoutBody, type LayoutQuery } from './layout.schemas';
import { LayoutsRepository } from './layouts.repository';

/** The definition is parsed again: what an earlier build stored gets the defaults of members that it did not know. */
export function toResponse({ id, name, definition, version, createdAt, updatedAt }: ExportLayout) {
  return { id, ...layoutBody.parse({ ...definition, name }), version, createdAt, updatedAt };
}
type Layout = ReturnType<typeof toResponse>;

/** Stored payroll layouts: what the file of a closed period looks like, said once. */
@Injectable()
export class LayoutsService extends EditedResourceService<ExportLayout, Layout, LayoutBody, LayoutQuery> {
  constructor(layouts: LayoutsRepository) {
    super(layouts, {
      entity: 'export_layout',
      path: '/api/attendance/export/layouts',
      order: byName,
      valuesOf: ({ name, ...definition }) => ({ name, definition }),
      toResponse,
      toAudit: ({ id: _, createdAt: _at, updatedAt: _until, ...layout }) => layout,
    });
  }
}

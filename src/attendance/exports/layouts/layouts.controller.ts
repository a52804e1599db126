import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../../auth/access.decorators';
import type { Principal } from '../../../auth/principal';
import { idParam } from '../../../http/input/id.pipe';
import { Caller, IfMatch, ReadRoute, WriteRoute } from '../../../routing/routes';
import type { Write } from '../../../writes/write';
import {
  type LayoutBody,
  layoutBody,
  layoutList,
  type LayoutQuery,
  layoutQuery,
  layoutResource,
} from './layout.schemas';
import { LayoutsService } from './layouts.service';

const layoutId = idParam('export layout');

@ApiTags('exports')
@Controller('api/attendance/export/layouts')
@Allow('attendance:payroll', 'attendance:admin')
export class LayoutsController {
  constructor(private readonly layouts: LayoutsService) {}

  @Get()
  @ReadRoute({
    summary: 'List payroll layouts',
    description: 'By name. Page on with `nextCursor`.',
    ok: layoutList,
  })
  list(@Caller() by: Principal, @Query({ schema: layoutQuery }) query: LayoutQuery) {
    return this.layouts.list(by, query);
  }

  @Post()
  @WriteRoute('export_layout', 'create', {
    summary: 'Store how a payroll system wants its file',
    description:
      'Columns, pay codes and units, for `GET /api/attendance/export?kind=totals&periodId=…&layout=…`. The first pay code that fits a bucket counts; hours without one keep the file from being made. A name is taken once: 409.',
    created: layoutResource,
  })
  create(@Caller() by: Principal, @Body({ schema: layoutBody }) body: LayoutBody): Write {
    return this.layouts.create(by, body);
  }

  @Get(':id')
  @ReadRoute({ summary: 'Read a payroll layout', ok: layoutResource, versioned: true })
  get(@Caller() by: Principal, @Param('id', layoutId) id: string) {
    return this.layouts.get(by, id);
  }

  @Put(':id')
  @WriteRoute('export_layout', 'update', {
    summary: 'Replace a payroll layout',
    description:
      'Files that were made with it stay as they are; the same period is another file from now on, with another ETag.',
    ok: layoutResource,
  })
  replace(
    @Caller() by: Principal,
    @Param('id', layoutId) id: string,
    @Body({ schema: layoutBody }) body: LayoutBody,
    @IfMatch() version?: number,
  ): Write {
    return this.layouts.update(by, id, body, version);
  }

  @Delete(':id')
  @WriteRoute('export_layout', 'delete', {
    summary: 'Delete a payroll layout',
    description: 'Files that were made with it stay.',
    ok: layoutResource,
  })
  remove(@Caller() by: Principal, @Param('id', layoutId) id: string, @IfMatch() version?: number): Write {
    return this.layouts.remove(by, id, version);
  }
}

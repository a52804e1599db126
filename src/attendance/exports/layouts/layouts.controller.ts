import { Body, Controller, Delete, Get, Headers, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Audited } from '../../../audit/audited.decorator';
import { Allow } from '../../../auth/access.decorators';
import { callerOf } from '../../../auth/principal';
import { idParam } from '../../../http/id.pipe';
import { expectedVersion } from '../../../http/if-match';
import { IpRestricted } from '../../../rate-limit/ip-restricted.decorator';
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
@IpRestricted()
export class LayoutsController {
  constructor(private readonly layouts: LayoutsService) {}

  @Get()
  @ApiOperation({
    summary: 'List payroll layouts',
    description: 'By name. Page on with `nextCursor`.',
  })
  @ApiOkResponse({ standardSchema: layoutList })
  list(@Req() request: FastifyRequest, @Query({ schema: layoutQuery }) query: LayoutQuery) {
    return this.layouts.page(callerOf(request), query);
  }

  @Post()
  @Audited('export_layout', 'create')
  @ApiOperation({
    summary: 'Store how a payroll system wants its file',
    description:
      'Columns, pay codes and units, for `GET /api/attendance/export?kind=totals&periodId=…&layout=…`. The first pay code that fits a bucket counts; hours without one keep the file from being made. A name is taken once: 409.',
  })
  @ApiCreatedResponse({ standardSchema: layoutResource, description: 'Created' })
  create(@Req() request: FastifyRequest, @Body({ schema: layoutBody }) body: LayoutBody): Write {
    return this.layouts.create(callerOf(request), body);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read a payroll layout' })
  @ApiOkResponse({ standardSchema: layoutResource })
  async get(
    @Req() request: FastifyRequest,
    @Param('id', layoutId) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const layout = await this.layouts.get(callerOf(request), id);
    void reply.header('etag', `"${layout.version}"`);
    return layout;
  }

  @Put(':id')
  @Audited('export_layout', 'update')
  @ApiOperation({
    summary: 'Replace a payroll layout',
    description:
      'Files that were made with it stay as they are; the same period is another file from now on, with another ETag.',
  })
  @ApiOkResponse({ standardSchema: layoutResource, description: 'The layout as it is now' })
  replace(
    @Param('id', layoutId) id: string,
    @Body({ schema: layoutBody }) body: LayoutBody,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.layouts.replace(id, body, expectedVersion(ifMatch));
  }

  @Delete(':id')
  @Audited('export_layout', 'delete')
  @ApiOperation({ summary: 'Delete a payroll layout', description: 'Files that were made with it stay.' })
  @ApiOkResponse({ standardSchema: layoutResource, description: 'What was deleted' })
  remove(@Param('id', layoutId) id: string, @Headers('if-match') ifMatch?: string): Write {
    return this.layouts.remove(id, expectedVersion(ifMatch));
  }
}

import { Body, Controller, Get, Headers, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Audited } from '../../audit/audited.decorator';
import { Allow } from '../../auth/access.decorators';
import { callerOf } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { expectedVersion } from '../../http/input/if-match';
import type { Write } from '../../writes/write';
import {
  type NewTenant,
  newTenant,
  tenantList,
  type TenantPatch,
  tenantPatch,
  type TenantQuery,
  tenantQuery,
  tenantResource,
} from './tenant.schemas';
import { TenantsService } from './tenants.service';

@ApiTags('tenants')
@Controller('api/tenants')
@Allow('platform:admin')
export class TenantsController {
  constructor(private readonly tenants: TenantsService) {}

  @Post()
  @Audited('tenant', 'create')
  @ApiOperation({
    summary: 'Create a tenant',
    description:
      'With its first administrator, if named: both are there, or neither. Operators see nothing inside a tenant afterwards.',
  })
  @ApiCreatedResponse({ standardSchema: tenantResource, description: 'Created' })
  create(@Req() request: FastifyRequest, @Body({ schema: newTenant }) body: NewTenant): Promise<Write> {
    return this.tenants.create(callerOf(request), body);
  }

  @Get()
  @ApiOperation({ summary: 'List tenants by their short names', description: 'Page on with `nextCursor`.' })
  @ApiOkResponse({ standardSchema: tenantList })
  list(@Req() request: FastifyRequest, @Query({ schema: tenantQuery }) query: TenantQuery) {
    return this.tenants.page(callerOf(request), query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'Read one tenant' })
  @ApiOkResponse({ standardSchema: tenantResource })
  async get(
    @Req() request: FastifyRequest,
    @Param('id', idParam('tenant')) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const tenant = await this.tenants.get(callerOf(request), id);
    void reply.header('etag', `"${tenant.version}"`);
    return tenant;
  }

  @Patch(':id')
  @Audited('tenant', 'update')
  @ApiOperation({
    summary: 'Change or deactivate a tenant',
    description:
      'The people of a deactivated tenant are refused, at once on this replica and within seconds on the others; nothing of theirs is deleted. ' +
      'With `If-Match`, a change that somebody else made in the meantime is not overwritten: 412.',
  })
  @ApiOkResponse({ standardSchema: tenantResource, description: 'The tenant as it is now' })
  update(
    @Req() request: FastifyRequest,
    @Param('id', idParam('tenant')) id: string,
    @Body({ schema: tenantPatch }) body: TenantPatch,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.tenants.update(callerOf(request), id, body, expectedVersion(ifMatch));
  }
}

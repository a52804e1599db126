import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../auth/access.decorators';
import type { Principal } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { Caller, IfMatch, ReadRoute, WriteRoute } from '../../routing/routes';
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
  @WriteRoute('tenant', 'create', {
    summary: 'Create a tenant',
    description:
      'With its first administrator, if named: both are there, or neither. Operators see nothing inside a tenant afterwards.',
    created: tenantResource,
  })
  create(@Caller() by: Principal, @Body({ schema: newTenant }) body: NewTenant): Promise<Write> {
    return this.tenants.create(by, body);
  }

  @Get()
  @ReadRoute({
    summary: 'List tenants by their short names',
    description: 'Page on with `nextCursor`.',
    ok: tenantList,
  })
  list(@Caller() by: Principal, @Query({ schema: tenantQuery }) query: TenantQuery) {
    return this.tenants.page(by, query);
  }

  @Get(':id')
  @ReadRoute({
    summary: 'Read one tenant',
    ok: tenantResource,
    versioned: true,
  })
  get(@Caller() by: Principal, @Param('id', idParam('tenant')) id: string) {
    return this.tenants.get(by, id);
  }

  @Patch(':id')
  @WriteRoute('tenant', 'update', {
    summary: 'Change or deactivate a tenant',
    description:
      'The people of a deactivated tenant are refused, at once on this replica and within seconds on the others; nothing of theirs is deleted. ' +
      'With `If-Match`, a change that somebody else made in the meantime is not overwritten: 412.',
    ok: tenantResource,
  })
  update(
    @Caller() by: Principal,
    @Param('id', idParam('tenant')) id: string,
    @Body({ schema: tenantPatch }) body: TenantPatch,
    @IfMatch() version?: number,
  ): Write {
    return this.tenants.update(by, id, body, version);
  }
}

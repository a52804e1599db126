import { Controller, Get, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow } from '../../auth/access.decorators';
import { callerOf } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { AuditListing } from './audit-listing';
import { auditEntry, auditList, auditQuery, type AuditQuery } from './audit.schemas';

/** The ledger, read. There is nothing else to be done with it: no route changes or deletes an entry. */
@ApiTags('audit')
@Controller('api/audit-logs')
export class AuditLogsController {
  constructor(private readonly listing: AuditListing) {}

  @Get()
  @Allow('attendance:admin')
  @ApiOperation({
    summary: 'Who changed what, newest first',
    description:
      'Every change of the tenant, each once, in an order that never changes. Page on with `nextCursor` until there is none: the pages neither repeat nor miss an entry while others are written. ' +
      'A page looks at 50,000 entries at most, so one whose filters find little may be short or empty and still have a `nextCursor`.',
  })
  @ApiOkResponse({ standardSchema: auditList })
  list(@Req() request: FastifyRequest, @Query({ schema: auditQuery }) query: AuditQuery) {
    return this.listing.page(callerOf(request), query);
  }

  @Get(':id')
  @Allow('attendance:admin')
  @ApiOperation({
    summary: 'Read one entry',
    description: 'Entries are never changed or deleted; PUT, PATCH and DELETE answer 405.',
  })
  @ApiOkResponse({ standardSchema: auditEntry })
  get(@Req() request: FastifyRequest, @Param('id', idParam('audit entry')) id: string) {
    return this.listing.get(callerOf(request), id);
  }
}

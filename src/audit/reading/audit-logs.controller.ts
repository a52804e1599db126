import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../auth/principal';
import { Caller, ReadRoute } from '../../routing/routes';
import { idParam } from '../../http/input/id.pipe';
import { AuditListing } from './audit-listing';
import { auditEntry, auditList, auditQuery, type AuditQuery } from './audit.schemas';

/** The ledger, read. There is nothing else to be done with it: no route changes or deletes an entry. */
@ApiTags('audit')
@Controller('api/audit-logs')
export class AuditLogsController {
  constructor(private readonly listing: AuditListing) {}

  @Get()
  @ReadRoute({
    allow: ['attendance:admin'],
    summary: 'Who changed what, newest first',
    description:
      'Every change of the tenant, each once, in an order that never changes. Page on with `nextCursor` until there is none: the pages neither repeat nor miss an entry while others are written. ' +
      'A page looks at 50,000 entries at most, so one whose filters find little may be short or empty and still have a `nextCursor`.',
    ok: auditList,
  })
  list(@Caller() by: Principal, @Query({ schema: auditQuery }) query: AuditQuery) {
    return this.listing.page(by, query);
  }

  @Get(':id')
  @ReadRoute({
    allow: ['attendance:admin'],
    summary: 'Read one entry',
    description: 'Entries are never changed or deleted; PUT, PATCH and DELETE answer 405.',
    ok: auditEntry,
  })
  get(@Caller() by: Principal, @Param('id', idParam('audit entry')) id: string) {
    return this.listing.get(by, id);
  }
}

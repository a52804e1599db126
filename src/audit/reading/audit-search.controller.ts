import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow } from '../../auth/access.decorators';
import type { Principal } from '../../auth/principal';
import { Caller, ReadRoute } from '../../routing/routes';
import { Produces } from '../../http/routes/produces.decorator';
import { clientAddress } from '../../http/request/request-target';
import { AuditExports } from './audit-export';
import { AuditListing } from './audit-listing';
import { auditExport, type AuditExport, auditSearch, type AuditSearch, auditSearchResult } from './audit.schemas';

const NDJSON = 'application/x-ndjson';

/** The ledger for the Admin Center: searched by text, page by page, and taken away as a file. */
@ApiTags('audit')
@Controller('api/attendance-admin/audit-logs')
@Allow('attendance:admin')
export class AuditSearchController {
  constructor(
    private readonly listing: AuditListing,
    private readonly exports: AuditExports,
  ) {}

  @Get()
  @ReadRoute({
    summary: 'Search the ledger',
    description:
      'Looks for `q` in ids, actions, request ids and changed values of 50,000 entries at a time, the newest first; `total` and `page` count the hits among them. ' +
      'While older ones are left, `searchedUntil` says how far it looked and `nextCursor` goes on from there.',
    ok: auditSearchResult,
  })
  search(@Caller() by: Principal, @Query({ schema: auditSearch }) query: AuditSearch) {
    return this.listing.search(by, query);
  }

  @Get('export')
  @Produces(NDJSON)
  @ReadRoute({
    summary: 'Export the ledger',
    description:
      'One entry as JSON on each line, UTF-8, newest first, all that the filters find. The export itself is recorded in the ledger before its first byte is sent. ' +
      'A connection that is cut before its end means that the file is not whole.',
  })
  @ApiOkResponse({
    description: 'One `AuditEntry` on each line',
    content: { [NDJSON]: { schema: { type: 'string' } } },
  })
  async export(
    @Caller() by: Principal,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: auditExport }) query: AuditExport,
  ): Promise<void> {
    const origin = { requestId: request.id, ip: clientAddress(request) };
    const lines = await this.exports.open(by, query, origin);
    void reply
      .header('content-type', `${NDJSON}; charset=utf-8`)
      .header('content-disposition', 'attachment; filename="audit-logs.ndjson"')
      .send(lines);
  }
}

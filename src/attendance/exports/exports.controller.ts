import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow } from '../../auth/access.decorators';
import { callerOf } from '../../auth/principal';
import { Produces } from '../../http/routes/produces.decorator';
import { clientAddress } from '../../http/request/request-target';
import { ReadRoute } from '../../routing/routes';
import { type ExportQuery, exportQuery } from './export.schemas';
import { exporting, ExportsService } from './exports.service';
import { mediaTypes } from './framing';
import { leftOutHeader } from './left-out-header';

const file = { schema: { type: 'string' as const, format: 'binary' } };

@ApiTags('exports')
@Controller('api/attendance')
@Allow(...exporting)
export class ExportsController {
  constructor(private readonly exports: ExportsService) {}

  @Get('export')
  @ReadRoute({
    summary: 'Export punches, days, exceptions or totals',
    description:
      'However many rows, out of one snapshot, by person and time. Approvers get the people of their org unit, payroll and administrators everybody. ' +
      'Times are in UTC and by the clock of the person. A cell that a spreadsheet would run as a formula has an apostrophe in front; leading zeros stay. ' +
      'The export is recorded in the ledger before its first byte; a connection that is cut before its end means that the file is not whole. ' +
      'Two exports run at once in a process, the next one is answered 503 `overloaded`. ' +
      '`kind=totals` takes the `periodId` of a closed pay period and is the same bytes for ever, with their SHA-256 as ETag; one that is open: 409 `period_not_closed`. ' +
      'A workbook holds 1,048,575 rows: more are 422 `span_too_long`.',
  })
  @Produces(mediaTypes.csv, mediaTypes.xlsx, mediaTypes.ndjson)
  @ApiOkResponse({
    description: 'The file',
    headers: {
      'X-Left-Out-Minutes': {
        description:
          'With `layout`: the minutes that it leaves out with a code of null, as `source@rate=minutes`, and `;adjustment` behind those of adjustments: the first ones within 1,000 bytes, then `others=n`; `leftOut` of an export job has all. Absent where all is paid.',
        schema: { type: 'string', example: 'premium:Night@1.25=480, manual@1=-20;adjustment' },
      },
    },
    content: { [mediaTypes.csv]: file, [mediaTypes.xlsx]: file, [mediaTypes.ndjson]: file },
  })
  async export(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query({ schema: exportQuery }) query: ExportQuery,
  ): Promise<void> {
    const origin = { requestId: request.id, ip: clientAddress(request) };
    const { stream, name, contentHash, leftOut } = await this.exports.open(callerOf(request), query, origin);
    if (contentHash !== undefined) void reply.header('etag', `"${contentHash}"`);
    if (leftOut.length > 0) void reply.header('x-left-out-minutes', leftOutHeader(leftOut));
    const charset = query.format === 'xlsx' ? '' : '; charset=utf-8';
    void reply
      .header('content-type', `${mediaTypes[query.format]}${charset}`)
      .header('content-disposition', `attachment; filename="${name}"`)
      .send(stream);
  }
}

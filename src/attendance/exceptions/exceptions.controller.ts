import { Body, Controller, Delete, Get, Headers, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Audited } from '../../audit/audited.decorator';
import { Allow } from '../../auth/access.decorators';
import { callerOf } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { expectedVersion } from '../../http/input/if-match';
import type { Write } from '../../writes/write';
import { shownException } from './exception';
import {
  type ExceptionBatch,
  exceptionBatch,
  exceptionBatchResult,
  exceptionList,
  type ExceptionQuery,
  exceptionQuery,
  type ExceptionRemoval,
  exceptionRemoval,
  type ExceptionResolution,
  exceptionResolution,
  exceptionResource,
  type NewException,
  newException,
} from './exception.schemas';
import { ExceptionListing } from './exception-listing';
import { ExceptionsService } from './exceptions.service';

@ApiTags('exceptions')
@Controller('api/exceptions')
export class ExceptionsController {
  constructor(
    private readonly exceptions: ExceptionsService,
    private readonly listing: ExceptionListing,
  ) {}

  @Get()
  @Allow('attendance:read')
  @ApiOperation({
    summary: 'List exceptions, the newest work date first',
    description:
      'What is odd about days: late, early, absent, a missing punch, too little rest. Open ones unless asked otherwise; they open when their window has closed, clear themselves when the facts change, and come back as the same row. ' +
      'Employees see their own, approvers those of their org unit.',
  })
  @ApiOkResponse({ standardSchema: exceptionList })
  list(@Req() request: FastifyRequest, @Query({ schema: exceptionQuery }) query: ExceptionQuery) {
    return this.listing.page(callerOf(request), query);
  }

  @Post()
  @Allow('attendance:write')
  @Audited('exception', 'create')
  @ApiOperation({
    summary: 'Enter an exception by hand',
    description: 'For what no rule can find. Employees for themselves, approvers for the people in their scope.',
  })
  @ApiCreatedResponse({ standardSchema: exceptionResource, description: 'Entered, open' })
  create(@Req() request: FastifyRequest, @Body({ schema: newException }) body: NewException): Write {
    return this.exceptions.create(callerOf(request), body);
  }

  @Post('batch/resolve')
  @Allow('attendance:approve', 'attendance:admin')
  @Audited('exception', 'approve')
  @ApiOperation({
    summary: 'Settle up to 1,000 exceptions at once',
    description: 'One transaction, one result for each; what is refused says why, the others are settled.',
  })
  @ApiOkResponse({ standardSchema: exceptionBatchResult })
  resolveBatch(@Req() request: FastifyRequest, @Body({ schema: exceptionBatch }) body: ExceptionBatch): Write {
    return this.exceptions.resolveBatch(callerOf(request), body);
  }

  @Get(':id')
  @Allow('attendance:read')
  @ApiOperation({ summary: 'Read one exception' })
  @ApiOkResponse({ standardSchema: exceptionResource })
  async get(
    @Req() request: FastifyRequest,
    @Param('id', idParam('exception')) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const row = await this.listing.get(callerOf(request), id);
    void reply.header('etag', `"${row.version}"`);
    return shownException(row);
  }

  @Put(':id/resolve')
  @Allow('attendance:approve', 'attendance:admin')
  @Audited('exception', 'approve')
  @ApiOperation({
    summary: 'Settle an exception',
    description:
      'Approve (excuse) or reject an open exception, with a note. Not about oneself, nor what oneself entered: 403 `self_approval`. The decision falls when the facts change.',
  })
  @ApiOkResponse({ standardSchema: exceptionResource, description: 'The exception, settled' })
  resolve(
    @Req() request: FastifyRequest,
    @Param('id', idParam('exception')) id: string,
    @Body({ schema: exceptionResolution }) body: ExceptionResolution,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.exceptions.resolve(callerOf(request), id, body, expectedVersion(ifMatch));
  }

  @Delete(':id')
  @Allow('attendance:write')
  @Audited('exception', 'delete')
  @ApiOperation({
    summary: 'Take back an exception that was entered by hand',
    description: 'It stays readable as `deleted`. What the rules found cannot be deleted: resolve it.',
  })
  @ApiOkResponse({ standardSchema: exceptionResource, description: 'What was taken back' })
  remove(
    @Req() request: FastifyRequest,
    @Param('id', idParam('exception')) id: string,
    @Body({ schema: exceptionRemoval }) body: ExceptionRemoval,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.exceptions.remove(callerOf(request), id, body, expectedVersion(ifMatch));
  }
}

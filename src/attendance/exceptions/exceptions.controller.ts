import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { Caller, IfMatch, ReadRoute, WriteRoute } from '../../routing/routes';
import type { Write } from '../../writes/write';
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
  @ReadRoute({
    allow: ['attendance:read'],
    summary: 'List exceptions, the newest work date first',
    description:
      'What is odd about days: late, early, absent, a missing punch, too little rest. Open ones unless asked otherwise; they open when their window has closed, clear themselves when the facts change, and come back as the same row. ' +
      'Employees see their own, approvers those of their org unit.',
    ok: exceptionList,
  })
  list(@Caller() by: Principal, @Query({ schema: exceptionQuery }) query: ExceptionQuery) {
    return this.listing.page(by, query);
  }

  @Post()
  @WriteRoute('exception', 'create', {
    allow: ['attendance:write'],
    summary: 'Enter an exception by hand',
    description: 'For what no rule can find. Employees for themselves, approvers for the people in their scope.',
    created: exceptionResource,
    answer: 'Entered, open',
  })
  create(@Caller() by: Principal, @Body({ schema: newException }) body: NewException): Write {
    return this.exceptions.create(by, body);
  }

  @Post('batch/resolve')
  @WriteRoute('exception', 'approve', {
    allow: ['attendance:approve', 'attendance:admin'],
    summary: 'Settle up to 1,000 exceptions at once',
    description: 'One transaction, one result for each; what is refused says why, the others are settled.',
    ok: exceptionBatchResult,
  })
  resolveBatch(@Caller() by: Principal, @Body({ schema: exceptionBatch }) body: ExceptionBatch): Write {
    return this.exceptions.resolveBatch(by, body);
  }

  @Get(':id')
  @ReadRoute({
    allow: ['attendance:read'],
    summary: 'Read one exception',
    ok: exceptionResource,
    versioned: true,
  })
  get(@Caller() by: Principal, @Param('id', idParam('exception')) id: string) {
    return this.listing.get(by, id);
  }

  @Put(':id/resolve')
  @WriteRoute('exception', 'approve', {
    allow: ['attendance:approve', 'attendance:admin'],
    summary: 'Settle an exception',
    description:
      'Approve (excuse) or reject an open exception, with a note. Not about oneself, nor what oneself entered: 403 `self_approval`. The decision falls when the facts change.',
    ok: exceptionResource,
    answer: 'The exception, settled',
  })
  resolve(
    @Caller() by: Principal,
    @Param('id', idParam('exception')) id: string,
    @Body({ schema: exceptionResolution }) body: ExceptionResolution,
    @IfMatch() version?: number,
  ): Write {
    return this.exceptions.resolve(by, id, body, version);
  }

  @Delete(':id')
  @WriteRoute('exception', 'delete', {
    allow: ['attendance:write'],
    summary: 'Take back an exception that was entered by hand',
    description: 'It stays readable as `deleted`. What the rules found cannot be deleted: resolve it.',
    ok: exceptionResource,
    answer: 'What was taken back',
  })
  remove(
    @Caller() by: Principal,
    @Param('id', idParam('exception')) id: string,
    @Body({ schema: exceptionRemoval }) body: ExceptionRemoval,
    @IfMatch() version?: number,
  ): Write {
    return this.exceptions.remove(by, id, body, version);
  }
}

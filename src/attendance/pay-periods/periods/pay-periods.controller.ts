import { Body, Controller, Get, Headers, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Audited } from '../../../audit/audited.decorator';
import { Allow } from '../../../auth/access.decorators';
import { callerOf } from '../../../auth/principal';
import { idParam } from '../../../http/id.pipe';
import { expectedVersion } from '../../../http/if-match';
import type { Write } from '../../../writes/write';
import {
  type NewPayPeriod,
  newPayPeriod,
  payPeriodList,
  type PayPeriodPatch,
  payPeriodPatch,
  type PayPeriodQuery,
  payPeriodQuery,
  payPeriodResource,
} from './pay-period.schemas';
import { PayPeriodListing } from './pay-period-listing';
import { PayPeriodsService } from './pay-periods.service';

@ApiTags('pay periods')
@Controller('api/pay-periods')
export class PayPeriodsController {
  constructor(
    private readonly periods: PayPeriodsService,
    private readonly listing: PayPeriodListing,
  ) {}

  @Post()
  @Allow('attendance:admin', 'attendance:payroll')
  @Audited('pay_period', 'create')
  @ApiOperation({
    summary: 'Create a pay period',
    description:
      'By `type` and a `date` in it, or by its own dates. Weeks begin on Monday, or on the weekday of `anchor`; fortnights are counted from `anchor`, without it from Monday 1970-01-05; ' +
      'semi-monthly periods begin on the 1st and the 16th. A date is paid in one period only: 409 `period_overlap`.',
  })
  @ApiCreatedResponse({ standardSchema: payPeriodResource, description: 'Created, open' })
  create(@Req() request: FastifyRequest, @Body({ schema: newPayPeriod }) body: NewPayPeriod): Write {
    return this.periods.create(callerOf(request), body);
  }

  @Get()
  @Allow('attendance:approve', 'attendance:payroll', 'attendance:admin')
  @ApiOperation({ summary: 'List pay periods, newest first', description: 'Page on with `nextCursor`.' })
  @ApiOkResponse({ standardSchema: payPeriodList })
  list(@Req() request: FastifyRequest, @Query({ schema: payPeriodQuery }) query: PayPeriodQuery) {
    return this.listing.page(callerOf(request), query);
  }

  @Get(':id')
  @Allow('attendance:approve', 'attendance:payroll', 'attendance:admin')
  @ApiOperation({
    summary: 'Read one pay period',
    description: '`revision` says how often it has been closed; each of them stays readable under `/totals`.',
  })
  @ApiOkResponse({ standardSchema: payPeriodResource })
  async get(
    @Req() request: FastifyRequest,
    @Param('id', idParam('pay period')) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const period = await this.listing.get(callerOf(request), id);
    void reply.header('etag', `"${period.version}"`);
    return period;
  }

  @Patch(':id')
  @Allow('attendance:admin', 'attendance:payroll')
  @Audited('pay_period', 'update')
  @ApiOperation({
    summary: 'Rename an open pay period, or change its grace',
    description:
      'Dates do not change. With `If-Match`, a change that somebody else made meanwhile is not overwritten: 412.',
  })
  @ApiOkResponse({ standardSchema: payPeriodResource, description: 'The period as it is now' })
  update(
    @Req() request: FastifyRequest,
    @Param('id', idParam('pay period')) id: string,
    @Body({ schema: payPeriodPatch }) body: PayPeriodPatch,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.periods.update(callerOf(request), id, body, expectedVersion(ifMatch));
  }
}

import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../auth/principal';
import { idParam } from '../../../http/input/id.pipe';
import { Caller, IfMatch, ReadRoute, WriteRoute } from '../../../routing/routes';
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
import { PayPeriodsService } from './pay-periods.service';

@ApiTags('pay periods')
@Controller('api/pay-periods')
export class PayPeriodsController {
  constructor(private readonly periods: PayPeriodsService) {}

  @Post()
  @WriteRoute('pay_period', 'create', {
    allow: ['attendance:admin', 'attendance:payroll'],
    summary: 'Create a pay period',
    description:
      'By `type` and a `date` in it, or by its own dates. Weeks begin on Monday, or on the weekday of `anchor`; fortnights are counted from `anchor`, without it from Monday 1970-01-05; ' +
      'semi-monthly periods begin on the 1st and the 16th. A date is paid in one period only: 409 `period_overlap`.',
    created: payPeriodResource,
    answer: 'Created, open',
  })
  create(@Caller() by: Principal, @Body({ schema: newPayPeriod }) body: NewPayPeriod): Write {
    return this.periods.create(by, body);
  }

  @Get()
  @ReadRoute({
    allow: ['attendance:approve', 'attendance:payroll', 'attendance:admin'],
    summary: 'List pay periods, newest first',
    description: 'Page on with `nextCursor`.',
    ok: payPeriodList,
  })
  list(@Caller() by: Principal, @Query({ schema: payPeriodQuery }) query: PayPeriodQuery) {
    return this.periods.list(by, query);
  }

  @Get(':id')
  @ReadRoute({
    allow: ['attendance:approve', 'attendance:payroll', 'attendance:admin'],
    summary: 'Read one pay period',
    description: '`revision` says how often it has been closed; each of them stays readable under `/totals`.',
    ok: payPeriodResource,
    versioned: true,
  })
  get(@Caller() by: Principal, @Param('id', idParam('pay period')) id: string) {
    return this.periods.get(by, id);
  }

  @Patch(':id')
  @WriteRoute('pay_period', 'update', {
    allow: ['attendance:admin', 'attendance:payroll'],
    summary: 'Rename an open pay period, or change its grace',
    description:
      'Dates do not change. With `If-Match`, a change that somebody else made meanwhile is not overwritten: 412.',
    ok: payPeriodResource,
  })
  update(
    @Caller() by: Principal,
    @Param('id', idParam('pay period')) id: string,
    @Body({ schema: payPeriodPatch }) body: PayPeriodPatch,
    @IfMatch() version?: number,
  ): Write {
    return this.periods.update(by, id, body, version);
  }
}

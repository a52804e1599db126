import { Body, Controller, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Principal } from '../../../auth/principal';
import { idParam } from '../../../http/input/id.pipe';
import { Produces } from '../../../http/routes/produces.decorator';
import { Caller, IfMatch, ReadRoute, WriteRoute } from '../../../routing/routes';
import type { Write } from '../../../writes/write';
import {
  type PayPeriodClosing,
  payPeriodClosing,
  type PayPeriodReopening,
  payPeriodReopening,
  payPeriodResource,
} from '../periods/pay-period.schemas';
import { payPeriodTotals, type TotalsQuery, totalsQuery } from '../totals/totals.schemas';
import { TotalsService } from '../totals/totals.service';
import { PeriodClosing } from './closing.service';

const CSV = 'text/csv';

/** From an open period to a payroll run, and back by a right of its own. */
@ApiTags('pay periods')
@Controller('api/pay-periods/:id')
export class PayPeriodController {
  constructor(
    private readonly closing: PeriodClosing,
    private readonly totals: TotalsService,
  ) {}

  @Post('close')
  @WriteRoute('pay_period', 'close', {
    allow: ['attendance:admin', 'attendance:payroll'],
    summary: 'Close a pay period',
    description:
      'Freezes what it comes to and pays the open adjustments with it. From then on nothing in it changes by any path; what is told too late becomes an adjustment. ' +
      'Not before its last date and its grace are over (409 `period_not_over`), while days are still undecided (409 `days_pending`) or exceptions open (409 `exceptions_open`). A closed one is answered as it is.',
    ok: payPeriodResource,
    answer: 'The period, closed',
  })
  close(
    @Caller() by: Principal,
    @Param('id', idParam('pay period')) id: string,
    @Body({ schema: payPeriodClosing }) body: PayPeriodClosing,
    @IfMatch() version?: number,
  ): Write {
    return this.closing.close(by, id, body, version);
  }

  @Post('reopen')
  @WriteRoute('pay_period', 'reopen', {
    allow: ['attendance:payroll'],
    summary: 'Reopen a closed pay period, with a reason',
    description:
      'A right of its own, which administrators do not have. Its frozen totals stay readable under their revision, adjustments paid in it stay paid, and closing it again makes the next revision. ' +
      'What late facts of its dates had been booked as is booked back, because the days count them by themselves now.',
    ok: payPeriodResource,
    answer: 'The period, open',
  })
  reopen(
    @Caller() by: Principal,
    @Param('id', idParam('pay period')) id: string,
    @Body({ schema: payPeriodReopening }) body: PayPeriodReopening,
    @IfMatch() version?: number,
  ): Write {
    return this.closing.reopen(by, id, body, version);
  }

  @Get('totals')
  @ReadRoute({
    allow: ['attendance:approve', 'attendance:payroll', 'attendance:admin'],
    summary: 'What a pay period comes to, by person',
    description:
      'Closed: as it was frozen, the same for ever, whatever changes around it; the ETag of the CSV is the SHA-256 of its bytes. Open: computed now, `final: false`. ' +
      'Approvers see the people of their org unit. The CSV has one line `total` a person, then lines `bucket` and `adjustment`.',
    ok: payPeriodTotals,
    answer: 'By employee number; the CSV with `format=csv`',
  })
  @Produces('application/json', CSV)
  async readTotals(
    @Caller() by: Principal,
    @Res() reply: FastifyReply,
    @Param('id', idParam('pay period')) id: string,
    @Query({ schema: totalsQuery }) { revision, format }: TotalsQuery,
  ): Promise<void> {
    if (format === 'json') {
      void reply.send(await this.totals.json(by, id, revision));
      return;
    }
    const { lines, name, contentHash } = await this.totals.csv(by, id, revision);
    if (contentHash !== undefined) void reply.header('etag', `"${contentHash}"`);
    void reply
      .header('content-type', `${CSV}; charset=utf-8`)
      .header('content-disposition', `attachment; filename="${name}"`)
      .send(lines);
  }
}

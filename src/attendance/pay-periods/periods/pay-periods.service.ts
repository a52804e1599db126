import { Injectable } from '@nestjs/common';
import { Problem, type ProblemCode } from '../../../http/problems/problem';
import { EditedResourceService } from '../../../writes/edited-resource.service';
import { parseDate } from '../../rules/time/calendar';
import { datesOfPeriod, type PayPeriod, payPeriodResponse, periodToAudit } from './pay-period';
import type { StoredPayPeriod } from './pay-period.entity';
import type { NewPayPeriod, PayPeriodQuery } from './pay-period.schemas';
import { PayPeriodsRepository } from './pay-periods.repository';

const LONGEST_DAYS = 366;

/** What creates a period, or the part of it that changes one. */
type Body = { readonly [K in keyof NewPayPeriod]?: NewPayPeriod[K] | undefined };

/** Creating pay periods and changing open ones. Their dates never change: a wrong one is left unused and has no days to pay. */
@Injectable()
export class PayPeriodsService extends EditedResourceService<StoredPayPeriod, PayPeriod, Body, PayPeriodQuery> {
  constructor(periods: PayPeriodsRepository) {
    super(periods, {
      entity: 'pay_period',
      path: '/api/pay-periods',
      order: { first: ['9999-12-31'], positionOf: ({ startDate }) => [startDate] },
      valuesOf,
      toResponse: payPeriodResponse,
      toAudit: periodToAudit,
    });
  }
}

function valuesOf(body: Body, before?: StoredPayPeriod) {
  const { name, graceDays } = body;
  if (before?.status === 'closed')
    throw new Problem('period_closed', 'This pay period is closed and stays as it was paid. Have it reopened first.');
  if (before) return { name, graceDays };
  const { startDate, endDate } = wanted(body);
  return { name: name ?? `${startDate} – ${endDate}`, startDate, endDate, graceDays };
}

function wanted({ type, date, anchor, startDate, endDate }: Body): { startDate: string; endDate: string } {
  if (type !== undefined && date !== undefined) return datesOfPeriod(type, date, anchor);
  const dates = { startDate: startDate ?? '', endDate: endDate ?? '' };
  const days = parseDate(dates.endDate) - parseDate(dates.startDate) + 1;
  if (days < 1)
    throw atEnd('end_before_start', 'The period ends before it begins. Give an endDate not before startDate.');
  if (days > LONGEST_DAYS) throw atEnd('span_too_long', `A pay period has at most ${LONGEST_DAYS} days.`);
  return dates;
}

function atEnd(code: ProblemCode, detail: string): Problem {
  return new Problem(code, detail, { errors: [{ pointer: '/endDate', code, detail }] });
}

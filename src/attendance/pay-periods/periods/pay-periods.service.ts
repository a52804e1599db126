import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '../../../audit/ledger/entry';
import type { Principal } from '../../../auth/principal';
import { assertVersion } from '../../../http/input/if-match';
import { notFound, Problem, type ProblemCode } from '../../../http/problems/problem';
import type { Write } from '../../../writes/write';
import { Writes } from '../../../writes/writes';
import { parseDate } from '../../rules/time/calendar';
import { datesOf, type PayPeriod, periodToAudit } from './pay-period';
import type { NewPayPeriod, PayPeriodPatch } from './pay-period.schemas';
import { PayPeriodsRepository } from './pay-periods.repository';

const LONGEST_DAYS = 366;

/** Creating pay periods and changing open ones. Their dates never change: a wrong one is left unused and has no days to pay. */
@Injectable()
export class PayPeriodsService {
  constructor(
    private readonly writes: Writes,
    private readonly periods: PayPeriodsRepository,
  ) {}

  create(by: Principal, body: NewPayPeriod): Write {
    const { startDate, endDate } = wanted(body);
    return this.writes.change(async (tx) => {
      const other = await this.periods.overlapping(tx, startDate, endDate);
      if (other) throw overlap(other);
      const name = body.name ?? `${startDate} – ${endDate}`;
      const period = await this.periods.insert(tx, {
        name,
        startDate,
        endDate,
        graceDays: body.graceDays,
        by: by.userId,
      });
      return {
        answer: { status: 201, body: period, location: `/api/pay-periods/${period.id}`, version: period.version },
        audit: [entry('create', period.id, undefined, period)],
      };
    });
  }

  update(_by: Principal, id: string, patch: PayPeriodPatch, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const before = await this.periods.lock(tx, id);
      if (!before) throw notFound('pay period');
      assertVersion('this', before.version, expectedVersion);
      if (before.status === 'closed')
        throw new Problem(
          'period_closed',
          'This pay period is closed and stays as it was paid. Have it reopened first.',
        );
      const after = await this.periods.update(tx, id, {
        name: patch.name ?? before.name,
        graceDays: patch.graceDays ?? before.graceDays,
      });
      return {
        answer: { status: 200, body: after, version: after.version },
        audit: [entry('update', id, before, after)],
      };
    });
  }
}

function wanted({ type, date, anchor, startDate, endDate }: NewPayPeriod): { startDate: string; endDate: string } {
  if (type !== undefined && date !== undefined) return datesOf(type, date, anchor);
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

function overlap({ id, startDate, endDate }: PayPeriod): Problem {
  return new Problem(
    'period_overlap',
    `The period would share dates with the one from ${startDate} to ${endDate}. A date is paid in one period only.`,
    { members: { overlaps: { id, startDate, endDate } } },
  );
}

/** The entry of a period; `reason` stands with what became of it. */
export function entry(
  action: AuditEntry['action'],
  id: string,
  before: PayPeriod | undefined,
  after: PayPeriod,
  more: Record<string, unknown> = {},
): AuditEntry {
  return {
    entity: 'pay_period',
    action,
    entityId: id,
    ...(before ? { before: periodToAudit(before) } : {}),
    after: { ...periodToAudit(after), ...more },
  };
}

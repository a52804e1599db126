import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { ResourceRepository, type Values } from '../../../database/orm/resource-repository';
import { statement } from '../../../database/statement';
import type { Transaction } from '../../../database/transaction';
import type { PageBounds } from '../../../http/paging/cursor';
import { Problem } from '../../../http/problems/problem';
import { StoredPayPeriod } from './pay-period.entity';
import type { PayPeriodQuery } from './pay-period.schemas';

// Two who create at once take turns: each sees the period of the other one.
const takeTurns = statement('pay_periods.take_turns', 'SELECT FROM tenants WHERE id = $1 FOR NO KEY UPDATE');

/** Closing and reopening is the PeriodClosing's. */
@Injectable()
export class PayPeriodsRepository extends ResourceRepository<StoredPayPeriod, PayPeriodQuery> {
  constructor(@InjectRepository(StoredPayPeriod) periods: Repository<StoredPayPeriod>) {
    super(periods, 'pay period');
  }

  page(
    tx: Transaction,
    { status }: PayPeriodQuery,
    { after: [before], limit }: PageBounds,
  ): Promise<StoredPayPeriod[]> {
    const rows = this.select(tx, 'period').andWhere('period.startDate < :before', { before });
    if (status !== 'all') rows.andWhere('period.status = :status', { status });
    return rows.orderBy('period.startDate', 'DESC').limit(limit).getMany();
  }

  /** Refused where another period shares a date with it; nobody else creates one until the transaction ends. */
  override async insert(tx: Transaction, period: Values<StoredPayPeriod>, createdBy: string): Promise<StoredPayPeriod> {
    const { startDate, endDate } = period;
    const [, other] = await Promise.all([
      tx.run(takeTurns, [tx.tenantId]),
      this.select(tx, 'period')
        .andWhere('period.startDate <= :endDate AND period.endDate >= :startDate', { startDate, endDate })
        .orderBy('period.startDate')
        .limit(1)
        .getOne(),
    ]);
    if (other) throw overlap(other);
    return super.insert(tx, period, createdBy);
  }
}

function overlap({ id, startDate, endDate }: StoredPayPeriod): Problem {
  return new Problem(
    'period_overlap',
    `The period would share dates with the one from ${startDate} to ${endDate}. A date is paid in one period only.`,
    { members: { overlaps: { id, startDate, endDate } } },
  );
}

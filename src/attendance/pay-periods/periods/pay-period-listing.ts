import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../auth/principal';
import { UnitOfWork } from '../../../database/unit-of-work';
import { Cursors } from '../../../http/paging/cursor';
import { notFound } from '../../../http/problems/problem';
import type { PayPeriod } from './pay-period';
import type { PayPeriodQuery } from './pay-period.schemas';
import { PayPeriodsRepository } from './pay-periods.repository';

/** Reads pay periods: one by one, or page by page, the newest first. */
@Injectable()
export class PayPeriodListing {
  constructor(
    private readonly work: UnitOfWork,
    private readonly periods: PayPeriodsRepository,
    private readonly cursors: Cursors,
  ) {}

  async get(by: Principal, id: string): Promise<PayPeriod> {
    const period = await this.work.read(by.tenantId, (tx) => this.periods.find(tx, id));
    if (!period) throw notFound('pay period');
    return period;
  }

  async page(by: Principal, { limit, cursor, status }: PayPeriodQuery) {
    const scope = { tenantId: by.tenantId, route: 'pay-periods', filters: { status } };
    const before = cursor === undefined ? '9999-12-31' : String(this.cursors.decode(scope, cursor)[0]);
    const asked = { status: status === 'all' ? undefined : status, before, limit: limit + 1 };
    const found = await this.work.read(by.tenantId, (tx) => this.periods.page(tx, asked));
    const data = found.slice(0, limit);
    const last = data.at(-1);
    const more = found.length > limit && last !== undefined;
    return { data, ...(more ? { nextCursor: this.cursors.encode(scope, [last.startDate]) } : {}) };
  }
}

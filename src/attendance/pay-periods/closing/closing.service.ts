import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../auth/principal';
import type { Transaction } from '../../../database/transaction';
import { assertVersion } from '../../../http/input/if-match';
import { Problem } from '../../../http/problems/problem';
import type { Write } from '../../../writes/write';
import { Writes } from '../../../writes/writes';
import { type PayPeriod, payPeriodResponse, stepEntry } from '../periods/pay-period';
import type { PayPeriodClosing, PayPeriodReopening } from '../periods/pay-period.schemas';
import { PayPeriodsRepository } from '../periods/pay-periods.repository';
import { csvOf, csvHash } from '../totals/totals-csv';
import { TotalsRepository } from '../totals/totals.repository';
import {
  close,
  countOpenExceptions,
  excludeWriters,
  markReopened,
  payAdjustments,
  readDaysPast,
  readPending,
  reopen,
  reverseLateFacts,
} from './closing.statements';

/** Closing pay periods, which freezes what they come to, and reopening them. */
@Injectable()
export class PeriodClosing {
  constructor(
    private readonly writes: Writes,
    private readonly periods: PayPeriodsRepository,
    private readonly totals: TotalsRepository,
  ) {}

  /** Closed already, nothing happens and the answer is the same: whoever repeats it has lost an answer, not a race. */
  close(by: Principal, id: string, asked: PayPeriodClosing, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const before = await this.alone(tx, id);
      if (before.status === 'closed') return closed(before, before, {});
      assertVersion('this', before.version, expectedVersion);
      await mustBeReady(tx, before, asked);
      const revision = before.revision + 1;
      await tx.run(payAdjustments, [tx.tenantId, id, revision]);
      await this.totals.freeze(tx, before, revision);
      const { startDate, endDate } = before;
      const frozen = this.totals.frozen((work) => work(tx), before, revision, null);
      const hash = await csvHash(csvOf({ startDate, endDate, revision }, frozen));
      const after = await this.changed(tx, id, tx.run(close, [tx.tenantId, id, revision, hash, by.userId]));
      const { reason, early, acceptOpenExceptions } = asked;
      return closed(before, after, {
        reason,
        ...(early ? { early } : {}),
        ...(acceptOpenExceptions ? { acceptOpenExceptions } : {}),
      });
    });
  }

  /** The frozen totals stay readable, and adjustments that were paid stay paid; those of late facts are booked back. */
  reopen(by: Principal, id: string, { reason }: PayPeriodReopening, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const before = await this.alone(tx, id);
      assertVersion('this', before.version, expectedVersion);
      if (before.status !== 'closed')
        throw new Problem('period_not_closed', 'This pay period is open. There is nothing to reopen.');
      const after = await this.changed(tx, id, tx.run(reopen, [tx.tenantId, id]));
      const span = [tx.tenantId, before.startDate, before.endDate];
      const [, reversed] = await Promise.all([
        tx.run(markReopened, span),
        tx.run(reverseLateFacts, [...span, by.userId]),
      ]);
      return {
        answer: { status: 200, body: after, version: after.version },
        audit: [
          stepEntry('reopen', before, after, { reason, ...(reversed > 0 ? { reversedAdjustments: reversed } : {}) }),
        ],
      };
    });
  }

  private async alone(tx: Transaction, id: string): Promise<PayPeriod> {
    const [, period] = await Promise.all([tx.run(excludeWriters, [tx.tenantId]), this.periods.locked(tx, id)]);
    return payPeriodResponse(period);
  }

  /** The period as it is behind a change that is under way, in the exchange of that change. */
  private async changed(tx: Transaction, id: string, change: Promise<number>): Promise<PayPeriod> {
    const [, period] = await Promise.all([change, this.periods.get(tx, id)]);
    return payPeriodResponse(period);
  }
}

function closed(before: PayPeriod, after: PayPeriod, more: Record<string, unknown>) {
  return {
    answer: { status: 200 as const, body: after, version: after.version },
    audit: [stepEntry('close', before, after, more)],
  };
}

/** Refuses what is not over, not decided or not settled; in this order, because each can only be put right after the one before. */
async function mustBeReady(tx: Transaction, period: PayPeriod, asked: PayPeriodClosing): Promise<void> {
  const span = [tx.tenantId, period.startDate, period.endDate];
  const [past, pending, exceptions] = await Promise.all([
    tx.row<{ days: number }>(readDaysPast, [tx.tenantId, period.id]),
    tx.rows<{ employee_id: string; date: string }>(readPending, span),
    tx.row<{ n: number }>(countOpenExceptions, span),
  ]);
  mustBeOver(period, past?.days ?? 0, asked.early);
  if (pending.length > 0) {
    throw new Problem(
      'days_pending',
      'Some days are still being computed or not yet over. Ask again when they are, with a new Idempotency-Key.',
      {
        members: { days: pending.map(({ employee_id: employeeId, date }) => ({ employeeId, date })) },
        headers: { 'Retry-After': '1' },
      },
    );
  }
  const count = exceptions?.n ?? 0;
  if (count > 0 && !asked.acceptOpenExceptions) {
    throw new Problem(
      'exceptions_open',
      `${count} exceptions of this period wait for a decision. Resolve them, or close with acceptOpenExceptions.`,
      { members: { count } },
    );
  }
}

function mustBeOver({ endDate, graceDays }: PayPeriod, daysPast: number, early: boolean): void {
  if (daysPast < 1)
    throw new Problem('period_not_over', `This period lasts until the end of ${endDate}. Close it after that date.`);
  if (daysPast <= graceDays && !early) {
    throw new Problem(
      'period_not_over',
      `Until ${graceDays} days after ${endDate} this period may still be put right. Close it then, or now with "early" and a reason.`,
    );
  }
}

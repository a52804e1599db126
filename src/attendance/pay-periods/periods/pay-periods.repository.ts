import { Injectable } from '@nestjs/common';
import { statement } from '../../../database/statement';
import type { Transaction } from '../../../database/transaction';
import type { PayPeriod } from './pay-period';
import { payPeriodColumns, payPeriodOfRow, type PayPeriodRow } from './pay-period-row';

const byId = statement(
  'pay_periods.by_id',
  `SELECT ${payPeriodColumns} FROM pay_periods p WHERE p.tenant_id = $1 AND p.id = $2`,
);
const lock = statement('pay_periods.lock', `${byId.text} FOR NO KEY UPDATE`);
const page = statement(
  'pay_periods.page',
  `SELECT ${payPeriodColumns} FROM pay_periods p
   WHERE p.tenant_id = $1 AND ($2::text IS NULL OR p.status = $2) AND p.start_date < $3::date ORDER BY p.start_date DESC LIMIT $4`,
);
// Two who create at once take turns: each sees the period of the other one.
const takeTurns = statement('pay_periods.take_turns', 'SELECT FROM tenants WHERE id = $1 FOR NO KEY UPDATE');
const overlapping = statement(
  'pay_periods.overlapping',
  `SELECT ${payPeriodColumns} FROM pay_periods p
   WHERE p.tenant_id = $1 AND p.start_date <= $3::date AND p.end_date >= $2::date ORDER BY p.start_date LIMIT 1`,
);
const insert = statement(
  'pay_periods.insert',
  `INSERT INTO pay_periods AS p (tenant_id, name, start_date, end_date, grace_days, created_by)
   VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${payPeriodColumns}`,
);
const update = statement(
  'pay_periods.update',
  `UPDATE pay_periods AS p SET name = $3, grace_days = $4, version = version + 1, updated_at = now()
   WHERE p.tenant_id = $1 AND p.id = $2 RETURNING ${payPeriodColumns}`,
);

interface NewDates {
  readonly name: string;
  readonly startDate: string;
  readonly endDate: string;
  readonly graceDays: number;
  readonly by: string;
}

/** Reads and changes pay periods of one tenant. Closing and reopening is the PeriodClosing's. */
@Injectable()
export class PayPeriodsRepository {
  async find(tx: Transaction, id: string): Promise<PayPeriod | undefined> {
    const row = await tx.row<PayPeriodRow>(byId, [tx.tenantId, id]);
    return row && payPeriodOfRow(row);
  }

  async lock(tx: Transaction, id: string): Promise<PayPeriod | undefined> {
    const row = await tx.row<PayPeriodRow>(lock, [tx.tenantId, id]);
    return row && payPeriodOfRow(row);
  }

  async page(
    tx: Transaction,
    asked: { status: PayPeriod['status'] | undefined; before: string; limit: number },
  ): Promise<PayPeriod[]> {
    const { status, before, limit } = asked;
    return (await tx.rows<PayPeriodRow>(page, [tx.tenantId, status ?? null, before, limit])).map(payPeriodOfRow);
  }

  /** The first period that shares a date with these; nobody else creates one until the transaction ends. */
  async overlapping(tx: Transaction, startDate: string, endDate: string): Promise<PayPeriod | undefined> {
    const [, row] = await Promise.all([
      tx.run(takeTurns, [tx.tenantId]),
      tx.row<PayPeriodRow>(overlapping, [tx.tenantId, startDate, endDate]),
    ]);
    return row && payPeriodOfRow(row);
  }

  async insert(tx: Transaction, { name, startDate, endDate, graceDays, by }: NewDates): Promise<PayPeriod> {
    const values = [tx.tenantId, name, startDate, endDate, graceDays, by];
    return present(await tx.row<PayPeriodRow>(insert, values));
  }

  async update(tx: Transaction, id: string, to: { name: string; graceDays: number }): Promise<PayPeriod> {
    return present(await tx.row<PayPeriodRow>(update, [tx.tenantId, id, to.name, to.graceDays]));
  }
}

/** What a statement that must touch a locked row returned. */
export function present(row: PayPeriodRow | undefined): PayPeriod {
  if (!row) throw new Error('A pay period disappeared under its lock');
  return payPeriodOfRow(row);
}

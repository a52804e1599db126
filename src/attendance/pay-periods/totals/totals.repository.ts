import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../../database/transaction';
import type { PayPeriod } from '../periods/pay-period';
import type { EmployeeTotals, StoredTotals } from './totals';
import { computeTotals, freezeTotals, readFrozen, readPaid } from './totals.statements';

/** People whose days are summed, and frozen totals that are read, at once. */
const CHUNK = 1000;

interface TotalsRow extends Record<string, unknown> {
  employee_id: string;
  employee_number: string | null;
  employee_name: string;
  days: number;
  totals: StoredTotals;
}

/** The totals of pay periods: computed from the days, frozen, and read again. In chunks, ordered by employee number and id. */
@Injectable()
export class TotalsRepository {
  /** What an open period would come to if it were closed now. */
  async *compute(
    tx: Transaction,
    { startDate, endDate }: PayPeriod,
    unitId: string | null,
  ): AsyncGenerator<EmployeeTotals[]> {
    const dates = [tx.tenantId, startDate, endDate];
    const people = await tx.rows<{ id: string }>(readPaid, [...dates, unitId, null, null]);
    for (const ids of chunksOf(people.map(({ id }) => id)))
      yield (await tx.rows<TotalsRow>(computeTotals, [...dates, ids, null, null])).map(totalsOf);
  }

  /** Freezes revision `revision`, with the adjustments that were paid in it. */
  async freeze(tx: Transaction, { id, startDate, endDate }: PayPeriod, revision: number): Promise<void> {
    const dates = [tx.tenantId, startDate, endDate];
    const people = await tx.rows<{ id: string }>(readPaid, [...dates, null, id, revision]);
    for (const ids of chunksOf(people.map((each) => each.id)))
      await tx.run(freezeTotals, [...dates, ids, id, revision]);
  }

  /** Frozen totals. `within` gives the transaction of each read: they never change, so each chunk may have its own. */
  async *frozen(
    within: <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>,
    { id }: PayPeriod,
    revision: number,
    unitId: string | null,
  ): AsyncGenerator<EmployeeTotals[]> {
    for (let last: EmployeeTotals | undefined, more = true; more;) {
      const behind = [last?.employeeNumber ?? null, last?.employeeId ?? null];
      const rows = await within((tx) =>
        tx.rows<TotalsRow>(readFrozen, [tx.tenantId, id, revision, unitId, ...behind, CHUNK]),
      );
      const chunk = rows.map(totalsOf);
      last = chunk.at(-1);
      more = chunk.length === CHUNK;
      yield chunk;
    }
  }
}

function totalsOf(row: TotalsRow): EmployeeTotals {
  return {
    employeeId: row.employee_id,
    employeeNumber: row.employee_number,
    name: row.employee_name,
    days: row.days,
    totals: row.totals,
  };
}

function* chunksOf(ids: readonly string[]): Generator<readonly string[]> {
  for (let from = 0; from < ids.length; from += CHUNK) yield ids.slice(from, from + CHUNK);
}

import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../auth/principal';
import type { Transaction } from '../../../database/transaction';
import { UnitOfWork } from '../../../database/unit-of-work';
import { notFound, Problem } from '../../../http/problems/problem';
import { scopeParameters } from '../../people/scope';
import { payScopeOf } from '../pay-scope';
import type { PayPeriod } from '../periods/pay-period';
import { PayPeriodsService } from '../periods/pay-periods.service';
import { type EmployeeTotals, shownTotals } from './totals';
import { csvOf, csvHash } from './totals-csv';
import { TotalsRepository } from './totals.repository';

/** Totals that were asked for. Frozen ones are read chunk by chunk as they are sent; live ones from one snapshot at once. */
interface TotalsQuery {
  readonly period: PayPeriod;
  /** Absent: what an open period comes to now. */
  readonly revision?: number;
  /** Of the whole revision; absent for live totals. */
  readonly contentHash?: string;
  /** All people of the revision, and not those of one org unit. */
  readonly whole: boolean;
  readonly chunks: () => AsyncIterable<readonly EmployeeTotals[]>;
}

/** The totals of a period: frozen where it is closed or a revision is named, else live. Approvers see the people in their scope. */
@Injectable()
export class TotalsService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly periods: PayPeriodsService,
    private readonly totals: TotalsRepository,
  ) {}

  async json(by: Principal, id: string, revision?: number) {
    const { period, revision: shown, contentHash, chunks } = await this.asked(by, id, revision);
    const data: Record<string, unknown>[] = [];
    for await (const chunk of chunks()) data.push(...chunk.map(shownTotals));
    return {
      period,
      ...(shown === undefined ? {} : { revision: shown }),
      final: shown !== undefined,
      ...(contentHash === undefined ? {} : { contentHash }),
      data,
    };
  }

  /** The CSV as it flows, its name, and the hash of its bytes where it is a whole revision. */
  async csv(by: Principal, id: string, revision?: number) {
    const { period, revision: shown, contentHash, whole, chunks } = await this.asked(by, id, revision);
    const dates = { startDate: period.startDate, endDate: period.endDate };
    const lines = csvOf(shown === undefined ? dates : { ...dates, revision: shown }, chunks());
    return {
      lines: Readable.from(lines, { objectMode: false, highWaterMark: 64 * 1024 }),
      name: `pay-period-${period.startDate}-${period.endDate}-${shown === undefined ? 'draft' : `r${shown}`}.csv`,
      ...(whole && contentHash !== undefined ? { contentHash } : {}),
    };
  }

  /** What a closed period came to when it was closed, of the people in scope; the hash where these are all. Open: 409. */
  async frozen(by: Principal, id: string) {
    const { status, revision } = await this.periods.get(by, id);
    if (status !== 'closed')
      throw new Problem('period_not_closed', 'This pay period is open: its totals are final when it has been closed.');
    const { period, whole, contentHash, chunks } = await this.asked(by, id, revision);
    return { period, revision, chunks, ...(whole && contentHash !== undefined ? { contentHash } : {}) };
  }

  private async asked(by: Principal, id: string, revision?: number): Promise<TotalsQuery> {
    const period = await this.periods.get(by, id);
    const [unitId] = scopeParameters(payScopeOf(by));
    const whole = unitId === null;
    const wanted = revision ?? (period.status === 'closed' ? period.revision : undefined);
    if (wanted === undefined) {
      const live = await this.work.read(by.tenantId, async (tx) => {
        const chunks: EmployeeTotals[][] = [];
        for await (const chunk of this.totals.compute(tx, period, unitId)) chunks.push(chunk);
        return chunks;
      });
      return { period, whole, chunks: () => Readable.from(live) };
    }
    if (wanted > period.revision) throw notFound('revision of this pay period');
    const within = <T>(work: (tx: Transaction) => Promise<T>) => this.work.read(by.tenantId, work);
    const frozen = (unit: string | null) => this.totals.frozen(within, period, wanted, unit);
    const { startDate, endDate, contentHash } = period;
    return {
      period,
      revision: wanted,
      whole,
      contentHash:
        wanted === period.revision && contentHash !== undefined
          ? contentHash
          : await csvHash(csvOf({ startDate, endDate, revision: wanted }, frozen(null))),
      chunks: () => frozen(unitId),
    };
  }
}

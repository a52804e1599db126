import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { shownTotals } from '../pay-periods/totals/totals';
import { totalsHeading, totalsRows } from '../pay-periods/totals/totals-csv';
import { TotalsService } from '../pay-periods/totals/totals.service';
import { csvLine } from '../files/csv';
import type { ExportQuery } from './export.schemas';
import { sheetRow } from '../files/xlsx/workbook';

/** The totals of a closed pay period, out of the rows that were frozen when it was closed and of nothing else. */
@Injectable()
export class ExportTotals {
  constructor(private readonly totals: TotalsService) {}

  async prepare(by: Principal, { periodId = '', format }: ExportQuery) {
    const { period, revision, contentHash, chunks } = await this.totals.frozen(by, periodId);
    const { startDate, endDate } = period;
    async function* lines(): AsyncGenerator<string, void, undefined> {
      for await (const chunk of chunks()) {
        const written = chunk.map((each) => {
          if (format === 'ndjson')
            return `${JSON.stringify({ periodStart: startDate, periodEnd: endDate, revision, ...shownTotals(each) })}\n`;
          return totalsRows({ startDate, endDate, revision }, each)
            .map((cells) => (format === 'csv' ? csvLine(cells) : sheetRow(cells)))
            .join('');
        });
        if (written.length > 0) yield written.join('');
      }
    }
    return {
      headings: totalsHeading,
      lines: lines(),
      name: `totals-${startDate}-${endDate}-r${revision}`,
      ...(format === 'csv' && contentHash !== undefined ? { contentHash } : {}),
    };
  }
}

import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../auth/principal';
import { UnitOfWork } from '../../../database/unit-of-work';
import { Problem } from '../../../http/problems/problem';
import type { EmployeeTotals } from '../../pay-periods/totals/totals';
import { TotalsService } from '../../pay-periods/totals/totals.service';
import { csvLine } from '../../files/csv';
import { type LayoutGap, layoutGaps, layoutRows, type LeftOut, leftOutOf } from './layout-lines';
import { LayoutsRepository } from './layouts.repository';
import { toResponse } from './layouts.service';

/** At most this many gaps are listed; the next request lists others. */
const MOST_GAPS = 20;

/** The file of a closed pay period as the payroll system wants it: out of the frozen totals and the layout, and of nothing else. */
@Injectable()
export class LayoutFile {
  constructor(
    private readonly work: UnitOfWork,
    private readonly totals: TotalsService,
    private readonly layouts: LayoutsRepository,
  ) {}

  /**
   * By the id of a layout or by its name. 409 period_not_closed; 422 layout_incomplete where it has no place for hours that are to be
   * paid: none are left out in silence, and those that the layout leaves out on purpose are listed with the file.
   */
  async prepare(by: Principal, periodId: string, idOrName: string) {
    const stored = await this.work.read(by.tenantId, (tx) => this.layouts.called(tx, idOrName));
    if (!stored) throw unknownLayout();
    const layout = toResponse(stored);
    const { period, revision, contentHash, chunks } = await this.totals.frozen(by, periodId);
    const gaps = new Map<string, LayoutGap>();
    const leftOut = new Map<string, LeftOut>();
    for await (const chunk of chunks()) {
      for (const each of chunk) {
        for (const gap of layoutGaps(layout, each)) gaps.set(gap.detail, gap);
        for (const part of leftOutOf(layout, each)) {
          const key = `${part.line} ${part.source} ${part.rate}`;
          leftOut.set(key, { ...part, minutes: part.minutes + (leftOut.get(key)?.minutes ?? 0) });
        }
      }
      if (gaps.size >= MOST_GAPS) break;
    }
    if (gaps.size > 0) throw incomplete([...gaps.values()].slice(0, MOST_GAPS));
    const { startDate, endDate } = period;
    const { delimiter, header, columns } = layout;
    const rowsOf = (of: EmployeeTotals) => layoutRows(layout, { startDate, endDate, revision }, of);
    async function* lines(): AsyncGenerator<string, void, undefined> {
      for await (const chunk of chunks()) {
        const rows = chunk.flatMap(rowsOf);
        if (rows.length > 0) yield rows.map((cells) => csvLine(cells, delimiter)).join('');
      }
    }
    const headings = header ? columns.map(({ heading }) => heading) : [];
    const name = `payroll-${startDate}-${endDate}-r${revision}`;
    const tag = createHash('sha256')
      .update(`${contentHash ?? ''} ${layout.id} ${layout.version}`)
      .digest('hex');
    return {
      ...{ headings, lines: lines(), name, delimiter, leftOut: [...leftOut.values()] },
      ...(contentHash === undefined ? {} : { contentHash: tag }),
    };
  }
}

const unknownLayout = () =>
  new Problem(
    'validation_failed',
    'There is no layout with this id or name. List them at /api/attendance/export/layouts.',
    {
      errors: [
        { pointer: '?layout', code: 'not_found', detail: 'is neither the id nor the name of a layout of this tenant' },
      ],
    },
  );

const incomplete = (gaps: readonly LayoutGap[]) =>
  new Problem(
    'layout_incomplete',
    'The layout has no place for some of what is to be paid, so no file was made. Complete it first.',
    {
      errors: gaps,
    },
  );

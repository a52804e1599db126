import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { UnitOfWork } from '../../database/unit-of-work';
import { Problem } from '../../http/problems/problem';
import { payScopeOf } from '../pay-periods/pay-scope';
import { scopeParameters } from '../people/scope';
import type { ExportKind, ExportQuery } from './export.schemas';
import { countOf, firstPerson, lastPerson, pageStatement, type PageRow } from './sql/page';
import { sources } from './sql/sources';
import { MAX_SHEET_ROWS } from '../files/xlsx/workbook';

export type RowQuery = ExportQuery & { readonly kind: Exclude<ExportKind, 'totals'> };

const PAGE = 2000;
/** How long a client may leave a part untaken. PostgreSQL, which ends a snapshot by itself, waits a little longer. */
export const PATIENCE_MS = 60_000;
const STALL_MS = PATIENCE_MS + 10_000;
const [beginning, end] = ['0001-01-01', '9999-12-31'];

// Row by row along the indexes, whatever the statistics say: a page must not read a whole table, and
// planning it takes as long as reading it. Sorting is left to the planner: the
// rows of one person come in order, and it need not sort more than those of equal keys.
const alongIndexes = statement(
  'exports.along_indexes',
  `SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true), set_config('enable_hashjoin', 'off', true),
     set_config('enable_mergejoin', 'off', true), set_config('max_parallel_workers_per_gather', '0', true), set_config('jit', 'off', true),
     set_config('plan_cache_mode', 'force_generic_plan', true),     set_config('datestyle', 'ISO', true)`,
);

/** Reads rows as lines of their format, out of one snapshot, a page ahead of the client at most. */
@Injectable()
export class ExportRows {
  constructor(private readonly work: UnitOfWork) {}

  /** 422 `span_too_long` for more rows than a sheet can hold. */
  async mustFit(by: Principal, query: RowQuery): Promise<void> {
    const values = [...placeless(by, query, MAX_SHEET_ROWS + 1), ...top(query)];
    const row = await this.work.read(by.tenantId, async (tx) => {
      tx.run(alongIndexes).catch(() => undefined);
      return tx.row<{ n: number }>(countOf(query.kind), values);
    });
    if (row && row.n <= MAX_SHEET_ROWS) return;
    throw new Problem(
      'span_too_long',
      `A sheet holds ${MAX_SHEET_ROWS} rows, and this would be more. Ask for fewer dates, or for csv.`,
      {
        errors: [{ pointer: '?to', code: 'span_too_long', detail: 'ask for less at once, or for csv or ndjson' }],
      },
    );
  }

  lines(by: Principal, query: RowQuery): AsyncGenerator<string, void, undefined> {
    return this.work.snapshot(by.tenantId, STALL_MS, (tx) => pagesOf(tx, by, query));
  }
}

async function* pagesOf(tx: Transaction, by: Principal, query: RowQuery): AsyncGenerator<string> {
  const statement = pageStatement(query.kind, query.format, query.delimiter);
  const asked = placeless(by, query, PAGE);
  tx.run(alongIndexes).catch(() => undefined);
  const read = (place: readonly string[]) => tx.row<PageRow>(statement, [...asked, ...place]);
  for (let next: Promise<PageRow | undefined> | undefined = read(top(query)); next;) {
    const page: PageRow | undefined = await next;
    next = page?.n === PAGE ? read(page.keys) : undefined;
    if (page && page.n > 0) yield page.lines;
  }
}

function placeless(by: Principal, { from, to, employeeId, orgUnitId }: RowQuery, limit: number): unknown[] {
  const [unitId] = scopeParameters(payScopeOf(by));
  const dates = [from ?? beginning, to ?? end];
  return [by.tenantId, ...dates, unitId, orgUnitId ?? null, employeeId ?? lastPerson, limit];
}

/** The place before all rows. */
const top = ({ kind, employeeId }: RowQuery): string[] => [
  employeeId ?? firstPerson,
  ...sources[kind].keys.map(({ lowest }) => lowest),
];

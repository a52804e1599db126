import { Injectable, Logger } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter } from 'prom-client';
import type { DatabaseRow } from './session';
import type { Statement } from './statement';

/** A statement answered with rows of another tenant than that of its transaction. Says which statement, and nothing of the rows. */
export class TenantScopeViolation extends Error {
  constructor(readonly statement: string) {
    super(`${statement} found rows of another tenant; nothing of them was passed on`);
    this.name = 'TenantScopeViolation';
  }
}

/**
 * The second lock behind row-level security: whatever a statement answers inside a transaction is held against the tenants of that
 * transaction, wherever its rows say whose they are. A role that is not bound by policies, a policy that was dropped or a function that
 * sees too much would otherwise go unnoticed until somebody reads what is not theirs.
 */
@Injectable()
export class TenantScope {
  private readonly log = new Logger('Tenancy');
  /** The columns that tell the tenant, by statement: found out at its first row. */
  private readonly columns = new WeakMap<Statement, readonly string[]>();

  constructor(@InjectMetric('tenant_scope_violations_total') private readonly violations: Counter) {}

  /** Throws a TenantScopeViolation, counted and logged, unless all rows that say whose they are belong to these tenants. Drops `row_tenant`. */
  assertOwn(statement: Statement, rows: readonly DatabaseRow[], tenantIds: readonly string[]): void {
    const [first] = rows;
    if (first === undefined || statement.acrossTenants === true) return;
    const columns = this.columns.get(statement) ?? this.columnsOf(statement, first);
    if (columns.length === 0) return;
    const own = new Set<unknown>(tenantIds);
    for (const column of columns) {
      for (const row of rows) {
        const tenant = row[column];
        if (tenant !== null && !own.has(tenant)) this.refuse(statement);
        if (column === 'row_tenant') delete row['row_tenant'];
      }
    }
  }

  /**
   * `tenant_id`, what the mapper makes of it (`holiday_tenant_id`), and `row_tenant`, which is what statements call the tenant of rows that
   * would not tell it otherwise. Last among the columns, it is dropped at no cost.
   */
  private columnsOf(statement: Statement, row: DatabaseRow): readonly string[] {
    const columns = Object.keys(row).filter((name) => name === 'row_tenant' || /(^|_)tenant_id$/.test(name));
    this.columns.set(statement, columns);
    return columns;
  }

  private refuse(statement: Statement): never {
    const violation = new TenantScopeViolation(statement.name);
    this.violations.inc();
    this.log.error(violation.message);
    throw violation;
  }
}

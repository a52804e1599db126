import { Injectable } from '@nestjs/common';
import { statement } from '../../../database/statement';
import type { Transaction } from '../../../database/transaction';
import type { PageBounds } from '../../../http/paging/cursor';
import { type Scope, scopeParameters } from '../../people/scope';
import { type Adjustment, adjustmentColumns, adjustmentOf, type AdjustmentRow } from './adjustment';
import type { AdjustmentQuery, NewAdjustment } from './adjustment.schemas';

const lock = statement(
  'adjustments.lock',
  `SELECT ${adjustmentColumns} FROM adjustments a WHERE a.tenant_id = $1 AND a.id = $2 FOR NO KEY UPDATE`,
);
const page = statement(
  'adjustments.page',
  `SELECT ${adjustmentColumns} FROM adjustments a JOIN users u ON u.tenant_id = a.tenant_id AND u.id = a.employee_id
   WHERE a.tenant_id = $1 AND ($2::uuid IS NULL OR u.org_unit_id = $2) AND ($3::uuid IS NULL OR u.id = $3)
     AND ($4::text IS NULL OR a.status = $4) AND ($5::uuid IS NULL OR a.employee_id = $5) AND a.id < $6::uuid
   ORDER BY a.id DESC LIMIT $7`,
);
const insert = statement(
  'adjustments.insert',
  `INSERT INTO adjustments AS a (tenant_id, employee_id, work_date, origin, pay_source, rate, seconds, reason, created_by)
   VALUES ($1, $2, $3, 'manual', $4, $5, $6, $7, $8) RETURNING ${adjustmentColumns}`,
);
const void_ = statement(
  'adjustments.void',
  `UPDATE adjustments AS a SET status = 'void', version = version + 1
   WHERE a.tenant_id = $1 AND a.id = $2 RETURNING ${adjustmentColumns}`,
);

/** Which adjustments a list is about. */
type AdjustmentFilters = Omit<AdjustmentQuery, 'limit' | 'cursor'>;

/** Reads and changes adjustments of one tenant. */
@Injectable()
export class AdjustmentsRepository {
  async lock(tx: Transaction, id: string): Promise<Adjustment | undefined> {
    const row = await tx.row<AdjustmentRow>(lock, [tx.tenantId, id]);
    return row && adjustmentOf(row);
  }

  async page(
    tx: Transaction,
    scope: Scope,
    { status, employeeId }: AdjustmentFilters,
    { after, limit }: PageBounds,
  ): Promise<Adjustment[]> {
    const wanted = [status === 'all' ? null : status, employeeId ?? null];
    const values = [tx.tenantId, ...scopeParameters(scope), ...wanted, ...after, limit];
    return (await tx.rows<AdjustmentRow>(page, values)).map(adjustmentOf);
  }

  async insert(tx: Transaction, told: NewAdjustment, by: string): Promise<Adjustment> {
    const { employeeId, date, minutes, rate, source, reason } = told;
    const values = [tx.tenantId, employeeId, date, source, rate, minutes * 60, reason, by];
    return present(await tx.row<AdjustmentRow>(insert, values));
  }

  async void(tx: Transaction, id: string): Promise<Adjustment> {
    return present(await tx.row<AdjustmentRow>(void_, [tx.tenantId, id]));
  }
}

function present(row: AdjustmentRow | undefined): Adjustment {
  if (!row) throw new Error('An adjustment disappeared under its lock');
  return adjustmentOf(row);
}

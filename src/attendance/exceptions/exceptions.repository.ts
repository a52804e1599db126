import { Injectable } from '@nestjs/common';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import type { PageBounds } from '../../http/paging/cursor';
import { inClosedPeriod, lockPeriodsShared } from '../closed-periods/closed-periods';
import { type Scope, scopeParameters } from '../people/scope';
import type { ExceptionQuery } from './exception.schemas';
import { exceptionColumns, type ExceptionRow, type ExceptionStatus, type LockedException } from './exception';

const table = 'FROM attendance_exceptions x JOIN users u ON u.tenant_id = x.tenant_id AND u.id = x.employee_id';
const find = statement('exceptions.find', `SELECT ${exceptionColumns} ${table} WHERE x.tenant_id = $1 AND x.id = $2`);
const lock = statement(
  'exceptions.lock',
  `SELECT ${exceptionColumns}, ${inClosedPeriod('x.tenant_id', 'x.work_date')} AS closed
   ${table} WHERE x.tenant_id = $1 AND x.id = ANY ($2::uuid[]) ORDER BY x.id FOR NO KEY UPDATE OF x`,
);
const page = statement(
  'exceptions.page',
  `SELECT ${exceptionColumns} ${table}
   WHERE x.tenant_id = $1 AND ($2::uuid IS NULL OR u.org_unit_id = $2) AND ($3::uuid IS NULL OR u.id = $3)
     AND ($4::text IS NULL OR x.status = $4) AND ($5::text IS NULL OR x.code = $5) AND ($6::uuid IS NULL OR x.employee_id = $6)
     AND ($7::text IS NULL OR x.source = $7) AND x.work_date BETWEEN $8::date AND $9::date
     AND (x.work_date, x.id) < ($10::date, $11::uuid)
   ORDER BY x.work_date DESC, x.id DESC LIMIT $12`,
);
const insert = statement(
  'exceptions.insert',
  `INSERT INTO attendance_exceptions (tenant_id, id, employee_id, work_date, code, anchor, source, status, occurred_at, description, created_by)
   VALUES ($1, $2::uuid, $3, $4::date, $5, $2::uuid::text, 'manual', 'open', $6::timestamptz, $7, $8)`,
);
const updateStatus = statement(
  'exceptions.update_status',
  `UPDATE attendance_exceptions SET status = $3, notes = coalesce($4, notes), resolved_by = $5, resolved_at = now(), updated_at = now(),
     version = version + 1
   WHERE tenant_id = $1 AND id = ANY ($2::uuid[])`,
);

/** Which exceptions a list is about. */
type ExceptionFilters = Omit<ExceptionQuery, 'limit' | 'cursor'>;

/** A day that is decided about again, because something was noticed about it. False where it was not approved. */
const reset = statement(
  'exceptions.reset_approval',
  `UPDATE day_records d SET approval = 'pending', approved_by = NULL, approved_at = NULL, approval_reset_at = now()
   WHERE d.tenant_id = $1 AND d.employee_id = $2 AND d.work_date = $3::date AND d.approval = 'approved'`,
);

/** Reads and decides about exceptions of one tenant. What the rules find is written by the computation of days. */
@Injectable()
export class ExceptionsRepository {
  find(tx: Transaction, id: string): Promise<ExceptionRow | undefined> {
    return tx.row<ExceptionRow>(find, [tx.tenantId, id]);
  }

  /** One that is known to be there. */
  get(tx: Transaction, id: string): Promise<ExceptionRow> {
    return tx.one<ExceptionRow>(find, [tx.tenantId, id]);
  }

  /** Locked in the order of their ids, so that two batches never wait for each other crosswise. */
  lock(tx: Transaction, ids: readonly string[]): Promise<LockedException[]> {
    lockPeriodsShared(tx);
    return tx.rows<LockedException>(lock, [tx.tenantId, ids]);
  }

  page(
    tx: Transaction,
    scope: Scope,
    { status, code, employeeId, source, from = '-infinity', to = 'infinity' }: ExceptionFilters,
    { after, limit }: PageBounds,
  ): Promise<ExceptionRow[]> {
    const wanted = [status === 'all' ? null : status, code ?? null, employeeId ?? null, source ?? null, from, to];
    return tx.rows<ExceptionRow>(page, [tx.tenantId, ...scopeParameters(scope), ...wanted, ...after, limit]);
  }

  async insert(
    tx: Transaction,
    made: { id: string; employeeId: string; date: string; code: string; at: string; description: string; by: string },
  ): Promise<void> {
    const { id, employeeId, date, code, at, description, by } = made;
    await tx.run(insert, [tx.tenantId, id, employeeId, date, code, at, description, by]);
  }

  async resetApproval(tx: Transaction, employeeId: string, date: string): Promise<boolean> {
    return (await tx.run(reset, [tx.tenantId, employeeId, date])) === 1;
  }

  /** Changes locked ones. */
  async updateStatus(
    tx: Transaction,
    ids: readonly string[],
    to: { status: ExceptionStatus; notes: string | undefined; by: string },
  ): Promise<void> {
    await tx.run(updateStatus, [tx.tenantId, ids, to.status, to.notes ?? null, to.by]);
  }
}

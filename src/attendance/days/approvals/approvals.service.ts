import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '../../../audit/entry';
import type { Principal } from '../../../auth/principal';
import { periodClosed } from '../../../database/failures';
import { statement } from '../../../database/statement';
import type { Transaction } from '../../../database/transaction';
import { notFound, Problem } from '../../../http/problems/problem';
import type { Write } from '../../../writes/write';
import { Writes } from '../../../writes/writes';
import { inClosedPeriod, lockPeriodsShared } from '../../closed-periods/closed-periods';
import { inScope, scopeOf } from '../../people/scope';
import type { DayApproval, DayApprovalBatch } from './approval.schemas';

interface DayRow extends Record<string, unknown> {
  employee_id: string;
  date: string;
  org_unit_id: string | null;
  approval: 'pending' | 'approved';
  approved_by: string | null;
  approved_at: Date | null;
  revision: number;
  open: number;
  closed: boolean;
}

const lock = statement(
  'approvals.lock',
  `SELECT d.employee_id, d.work_date::text AS date, u.org_unit_id, d.approval, d.approved_by, d.approved_at, d.revision,
     (SELECT count(*)::int FROM attendance_exceptions x WHERE x.tenant_id = d.tenant_id AND x.employee_id = d.employee_id
       AND x.work_date = d.work_date AND x.status = 'open') AS open,
     ${inClosedPeriod('d.tenant_id', 'd.work_date')} AS closed
   FROM unnest($2::uuid[], $3::date[]) e (id, day)
   JOIN day_records d ON d.tenant_id = $1 AND d.employee_id = e.id AND d.work_date = e.day
   JOIN users u ON u.tenant_id = d.tenant_id AND u.id = d.employee_id
   ORDER BY d.employee_id, d.work_date FOR NO KEY UPDATE OF d`,
);
const settle = statement(
  'approvals.settle',
  `UPDATE day_records d SET approval = $4, approved_by = $5, approved_at = CASE WHEN $5::uuid IS NULL THEN NULL ELSE now() END,
     approval_reset_at = NULL
   FROM unnest($2::uuid[], $3::date[]) e (id, day) WHERE d.tenant_id = $1 AND d.employee_id = e.id AND d.work_date = e.day
   RETURNING d.approved_at`,
);

/** Approving days: by somebody else, once nothing is open about them. The approval falls when the day changes. */
@Injectable()
export class ApprovalsService {
  constructor(private readonly writes: Writes) {}

  decide(by: Principal, employeeId: string, date: string, told: DayApproval, expectedRevision?: number): Write {
    return this.writes.change(async (tx) => {
      const [row] = await this.lock(tx, [{ employeeId, date }]);
      const refusal = refusalOf(by, row, told.status);
      if (!row || refusal?.code === 'not_found') throw notFound('work day');
      if (expectedRevision !== undefined && row.revision !== expectedRevision) {
        throw new Problem('precondition_failed', 'The day has changed since you read it. Read it again.');
      }
      if (refusal) throw refusal;
      const approvedBy = told.status === 'approved' ? by.userId : null;
      const approvedAt = await this.settle(tx, [row], told.status, approvedBy);
      return {
        answer: {
          status: 200,
          body: {
            employeeId,
            date,
            approval: told.status,
            ...(approvedBy === null ? {} : { approvedBy, approvedAt }),
            revision: row.revision,
          },
          version: row.revision,
        },
        audit: [entryOf(row, told.status, told.notes)],
      };
    });
  }

  /** Each day stands or falls alone; where none can be approved, the whole is refused by the first one's reason. */
  approveBatch(by: Principal, { days, notes }: DayApprovalBatch): Write {
    return this.writes.change(async (tx) => {
      const rows = await this.lock(tx, days);
      const byDay = new Map(rows.map((row) => [`${row.employee_id} ${row.date}`, row]));
      const seen = new Set<string>();
      const judged = days.map(({ employeeId, date }) => {
        const key = `${employeeId} ${date}`;
        const row = byDay.get(key);
        const refusal = seen.has(key)
          ? new Problem('already_decided', 'This day stands in the list twice.')
          : refusalOf(by, row, 'approved');
        seen.add(key);
        return { employeeId, date, row, refusal };
      });
      const approved = judged.flatMap(({ row, refusal }) => (row && !refusal ? [row] : []));
      const [first] = judged;
      if (approved.length === 0 && first?.refusal) throw first.refusal;
      await this.settle(tx, approved, 'approved', by.userId);
      return {
        answer: {
          status: 200,
          body: {
            counts: { approved: approved.length, refused: days.length - approved.length },
            results: judged.map(({ employeeId, date, refusal }, index) =>
              refusal
                ? { index, employeeId, date, status: 'refused', code: refusal.code, detail: refusal.detail }
                : { index, employeeId, date, status: 'approved' },
            ),
          },
        },
        audit: approved.map((row) => entryOf(row, 'approved', notes)),
      };
    });
  }

  private async lock(
    tx: Transaction,
    days: readonly { readonly employeeId: string; readonly date: string }[],
  ): Promise<DayRow[]> {
    lockPeriodsShared(tx);
    const ids = days.map(({ employeeId }) => employeeId);
    return tx.rows<DayRow>(lock, [tx.tenantId, ids, days.map(({ date }) => date)]);
  }

  private async settle(
    tx: Transaction,
    rows: readonly DayRow[],
    approval: DayRow['approval'],
    by: string | null,
  ): Promise<Date | null> {
    const ids = rows.map((row) => row.employee_id);
    const dates = rows.map((row) => row.date);
    const row = await tx.row<{ approved_at: Date | null }>(settle, [tx.tenantId, ids, dates, approval, by]);
    return row?.approved_at ?? null;
  }
}

function refusalOf(by: Principal, row: DayRow | undefined, status: DayRow['approval']): Problem | undefined {
  if (!row || !inScope(scopeOf(by), { id: row.employee_id, orgUnitId: row.org_unit_id })) return notFound('work day');
  if (row.employee_id === by.userId) {
    return new Problem('self_approval', 'Nobody approves their own days. Ask somebody else.');
  }
  if (row.closed) return periodClosed();
  if (row.approval === status) {
    return new Problem('already_decided', `This day is ${status} already.`, { members: { standing: status } });
  }
  if (status === 'approved' && row.open > 0) {
    return new Problem('exceptions_open', `Settle the open exceptions of this day first: there are ${row.open}.`, {
      members: { openExceptions: row.open },
    });
  }
  return undefined;
}

function entryOf(row: DayRow, approval: DayRow['approval'], notes: string | undefined): AuditEntry {
  return {
    entity: 'day',
    action: approval === 'approved' ? 'approve' : 'reject',
    entityId: `${row.employee_id}/${row.date}`,
    employeeId: row.employee_id,
    before: { approval: row.approval },
    after: { approval, revision: row.revision, notes },
  };
}

import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '../../../audit/ledger/entry';
import type { Principal } from '../../../auth/principal';
import { periodClosed } from '../../../database/failures';
import { statement } from '../../../database/statement';
import type { Transaction } from '../../../database/transaction';
import { assertVersion } from '../../../http/input/if-match';
import { notFound, Problem } from '../../../http/problems/problem';
import type { Write } from '../../../writes/write';
import { eachAlone, withoutFaults } from '../../../writes/each-alone';
import { Writes } from '../../../writes/writes';
import { inClosedPeriod, lockPeriodsShared } from '../../closed-periods/closed-periods';
import { maySee } from '../../people/scope';
import type { DayApproval, DayApprovalBatch } from './approval.schemas';

interface Day {
  readonly employeeId: string;
  readonly date: string;
}

interface DayRow extends Day {
  readonly orgUnitId: string | null;
  readonly approval: 'pending' | 'approved';
  readonly revision: number;
  /** Exceptions that nobody has decided about. */
  readonly open: number;
  readonly closed: boolean;
}

const lock = statement(
  'approvals.lock',
  `SELECT d.employee_id AS "employeeId", d.work_date::text AS date, u.org_unit_id AS "orgUnitId", d.approval, d.revision,
     (SELECT count(*)::int FROM attendance_exceptions x WHERE x.tenant_id = d.tenant_id AND x.employee_id = d.employee_id
       AND x.work_date = d.work_date AND x.status = 'open') AS open,
     ${inClosedPeriod('d.tenant_id', 'd.work_date')} AS closed
   FROM unnest($2::uuid[], $3::date[]) e (id, day)
   JOIN day_records d ON d.tenant_id = $1 AND d.employee_id = e.id AND d.work_date = e.day
   JOIN users u ON u.tenant_id = d.tenant_id AND u.id = d.employee_id
   ORDER BY d.employee_id, d.work_date FOR NO KEY UPDATE OF d`,
);
const updateApproval = statement(
  'approvals.update',
  `UPDATE day_records d SET approval = $4, approved_by = $5, approved_at = CASE WHEN $5::uuid IS NULL THEN NULL ELSE now() END,
     approval_reset_at = NULL
   FROM unnest($2::uuid[], $3::date[]) e (id, day) WHERE d.tenant_id = $1 AND d.employee_id = e.id AND d.work_date = e.day
   RETURNING d.approved_at AS "approvedAt"`,
);

/** Approval of days: by somebody else, once they have no open exception. It ends when the day changes. */
@Injectable()
export class ApprovalsService {
  constructor(private readonly writes: Writes) {}

  decide(
    by: Principal,
    employeeId: string,
    date: string,
    { status, notes }: DayApproval,
    expectedRevision?: number,
  ): Write {
    return this.writes.change(async (tx) => {
      const [row] = await this.lock(tx, [{ employeeId, date }]);
      const refusal = refusalOf(by, row, status);
      if (!row || refusal?.code === 'not_found') throw notFound('work day');
      assertVersion('this day', row.revision, expectedRevision);
      if (refusal) throw refusal;
      const approvedBy = status === 'approved' ? by.userId : null;
      const approvedAt = await this.updateApproval(tx, [row], status, approvedBy);
      return {
        answer: {
          status: 200,
          body: {
            employeeId,
            date,
            approval: status,
            ...(approvedBy === null ? {} : { approvedBy, approvedAt }),
            revision: row.revision,
          },
          version: row.revision,
        },
        audit: [entryOf(row, status, notes)],
      };
    });
  }

  /** Days are approved one by one. If none can be approved, the whole is refused with the first one's reason. */
  approveBatch(by: Principal, { days, notes }: DayApprovalBatch): Write {
    return this.writes.change(async (tx) => {
      const rows = new Map((await this.lock(tx, withoutFaults(days))).map((row) => [keyOf(row), row]));
      const { accepted, body } = eachAlone(days, {
        noun: 'day',
        done: 'approved',
        rowOf: (day) => rows.get(keyOf(day)),
        refusalOf: (row) => refusalOf(by, row, 'approved'),
      });
      await this.updateApproval(tx, accepted, 'approved', by.userId);
      return { answer: { status: 200, body }, audit: accepted.map((row) => entryOf(row, 'approved', notes)) };
    });
  }

  private lock(tx: Transaction, days: readonly Day[]): Promise<DayRow[]> {
    lockPeriodsShared(tx);
    return tx.rows<DayRow>(lock, [tx.tenantId, ...columnsOf(days)]);
  }

  private async updateApproval(
    tx: Transaction,
    days: readonly Day[],
    approval: DayRow['approval'],
    by: string | null,
  ): Promise<Date | null> {
    const values = [tx.tenantId, ...columnsOf(days), approval, by];
    return (await tx.one<{ approvedAt: Date | null }>(updateApproval, values)).approvedAt;
  }
}

const keyOf = ({ employeeId, date }: Day) => `${employeeId} ${date}`;
const columnsOf = (days: readonly Day[]) => [days.map(({ employeeId }) => employeeId), days.map(({ date }) => date)];

function refusalOf(by: Principal, row: DayRow | undefined, status: DayRow['approval']): Problem | undefined {
  if (!row || !maySee(by, row)) return notFound('work day');
  if (row.employeeId === by.userId) {
    return new Problem('self_approval', 'Nobody approves their own days. Ask somebody else.');
  }
  if (row.closed) return periodClosed();
  if (row.approval === status) {
    return new Problem('already_decided', `This day is ${status} already.`, { members: { currentStatus: status } });
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
    entityId: `${row.employeeId}/${row.date}`,
    employeeId: row.employeeId,
    before: { approval: row.approval },
    after: { approval, revision: row.revision, notes },
  };
}

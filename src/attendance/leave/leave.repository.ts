import { Injectable } from '@nestjs/common';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { type Leave, leaveColumns, leaveOf, type LeaveRow } from './leave';
import type { Stretch } from '../dates/paging';

const find = statement(
  'calendar.leave_entry',
  `SELECT ${leaveColumns} FROM leave_entries l WHERE l.tenant_id = $1 AND l.id = $2`,
);
// Whoever writes leave of one person takes turns with others who do, and with whoever records their punches.
const lockPerson = statement(
  'calendar.lock_person',
  'SELECT FROM users u WHERE u.tenant_id = $1 AND u.id = $2 FOR NO KEY UPDATE',
);
const lockOwner = statement(
  'calendar.lock_leave_owner',
  `SELECT FROM users u WHERE u.tenant_id = $1
     AND u.id = (SELECT l.employee_id FROM leave_entries l WHERE l.tenant_id = $1 AND l.id = $2) FOR NO KEY UPDATE`,
);
const page = statement(
  'calendar.leave',
  `SELECT ${leaveColumns} FROM leave_entries l JOIN users u ON u.tenant_id = l.tenant_id AND u.id = l.employee_id
   WHERE l.tenant_id = $1 AND ($2::uuid IS NULL OR u.org_unit_id = $2) AND ($3::uuid IS NULL OR l.employee_id = $3)
     AND ($4::uuid IS NULL OR l.employee_id = $4) AND l.work_date BETWEEN $5::date AND $6::date AND ($7::text IS NULL OR l.code = $7)
     AND (l.work_date, l.id) > ($8::date, $9::uuid)
   ORDER BY l.work_date, l.id LIMIT $10`,
);
// Two entries clash where they share time: a whole date with everything on it, hours with hours.
const clash = statement(
  'calendar.leave_clash',
  `SELECT l.work_date::text AS date FROM leave_entries l
     JOIN unnest($3::date[], $4::timestamptz[], $5::timestamptz[]) AS r (day, starts_at, ends_at) ON r.day = l.work_date
   WHERE l.tenant_id = $1 AND l.employee_id = $2
     AND (l.starts_at IS NULL OR r.starts_at IS NULL OR (l.starts_at < r.ends_at AND r.starts_at < l.ends_at))
   ORDER BY l.work_date LIMIT 1`,
);
// Triggers: `leave_entries_due_set` says when the date is due though nobody punches, `leave_entries_made` marks it.
const insert = statement(
  'calendar.leave_insert',
  `INSERT INTO leave_entries AS l (tenant_id, employee_id, work_date, code, starts_at, ends_at, note, created_by)
   SELECT $1, $2, r.day, $6, r.starts_at, r.ends_at, $7, $8
   FROM unnest($3::date[], $4::timestamptz[], $5::timestamptz[]) AS r (day, starts_at, ends_at) ORDER BY r.day
   RETURNING ${leaveColumns}`,
);
// Trigger `leave_entries_gone` marks the date.
const remove = statement('calendar.leave_delete', 'DELETE FROM leave_entries WHERE tenant_id = $1 AND id = $2');

/** The date of an entry, with its hours where it is not the whole date. */
export interface LeaveDate {
  readonly date: string;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
}

interface LeavePage extends Stretch {
  /** The scope of the caller: an org unit, or a person. */
  readonly scope: readonly [unitId: string | null, userId: string | null];
  readonly employeeId: string | undefined;
  readonly from: string;
  readonly to: string;
  readonly code: string | undefined;
}

/** Reads and writes the leave of one tenant's people. An entry is never changed: it is deleted and entered anew. */
@Injectable()
export class LeaveRepository {
  async find(tx: Transaction, tenantId: string, id: string): Promise<Leave | undefined> {
    const row = await tx.row<LeaveRow>(find, [tenantId, id]);
    return row && leaveOf(row);
  }

  /** The entry, read after the wait for its owner's lock. */
  async lock(tx: Transaction, tenantId: string, id: string): Promise<Leave | undefined> {
    const [, leave] = await Promise.all([tx.run(lockOwner, [tenantId, id]), this.find(tx, tenantId, id)]);
    return leave;
  }

  async lockPerson(tx: Transaction, tenantId: string, employeeId: string): Promise<void> {
    await tx.run(lockPerson, [tenantId, employeeId]);
  }

  async page(tx: Transaction, tenantId: string, asked: LeavePage): Promise<Leave[]> {
    const { scope, employeeId, from, to, code, after, limit } = asked;
    const values = [tenantId, ...scope, employeeId ?? null, from, to, code ?? null, ...after, limit];
    return (await tx.rows<LeaveRow>(page, values)).map(leaveOf);
  }

  /** The first of the dates on which the person has leave at the same time already. */
  async clash(
    tx: Transaction,
    tenantId: string,
    employeeId: string,
    dates: readonly LeaveDate[],
  ): Promise<string | undefined> {
    return (await tx.row<{ date: string }>(clash, [tenantId, employeeId, ...columnsOf(dates)]))?.date;
  }

  async insert(
    tx: Transaction,
    tenantId: string,
    employeeId: string,
    dates: readonly LeaveDate[],
    of: { readonly code: string; readonly note: string | undefined; readonly by: string },
  ): Promise<Leave[]> {
    const values = [tenantId, employeeId, ...columnsOf(dates), of.code, of.note ?? null, of.by];
    return (await tx.rows<LeaveRow>(insert, values)).map(leaveOf);
  }

  async remove(tx: Transaction, tenantId: string, id: string): Promise<void> {
    await tx.run(remove, [tenantId, id]);
  }
}

const columnsOf = (dates: readonly LeaveDate[]) => [
  dates.map(({ date }) => date),
  dates.map(({ startsAt }) => startsAt?.toISOString() ?? null),
  dates.map(({ endsAt }) => endsAt?.toISOString() ?? null),
];

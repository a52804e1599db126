import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { ResourceRepository } from '../../database/orm/resource-repository';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import type { PageBounds } from '../../http/paging/cursor';
import type { AskedBy } from '../../writes/resource.service';
import { datedPage } from '../dates/dated-page';
import { scopeOf, whereInScope } from '../people/scope';
import { Leave } from './leave.entity';
import type { LeaveQuery } from './leave.schemas';

// Whoever writes leave of one person takes turns with others who do, and with whoever records their punches.
const lockPerson = statement(
  'leave.lock_person',
  'SELECT FROM users u WHERE u.tenant_id = $1 AND u.id = $2 FOR NO KEY UPDATE',
);
const lockOwner = statement(
  'leave.lock_owner',
  `SELECT FROM users u WHERE u.tenant_id = $1
     AND u.id = (SELECT l.employee_id FROM leave_entries l WHERE l.tenant_id = $1 AND l.id = $2) FOR NO KEY UPDATE`,
);
// Two entries clash where they share time: a whole date with everything on it, hours with hours.
const clash = statement(
  'leave.clash',
  `SELECT l.work_date::text AS date FROM leave_entries l
     JOIN unnest($3::date[], $4::timestamptz[], $5::timestamptz[]) AS r (day, starts_at, ends_at) ON r.day = l.work_date
   WHERE l.tenant_id = $1 AND l.employee_id = $2
     AND (l.starts_at IS NULL OR r.starts_at IS NULL OR (l.starts_at < r.ends_at AND r.starts_at < l.ends_at))
   ORDER BY l.work_date LIMIT 1`,
);

/** The date of an entry, with its hours where it is not the whole date. */
export type LeaveDate = Pick<Leave, 'date' | 'startsAt' | 'endsAt'>;

/**
 * The triggers `leave_entries_made` and `leave_entries_gone` mark the dates of what is entered and taken back, and `leave_entries_due_set` says
 * when they are due though nobody punches.
 */
@Injectable()
export class LeaveRepository extends ResourceRepository<Leave, AskedBy<LeaveQuery>> {
  constructor(@InjectRepository(Leave) leave: Repository<Leave>) {
    super(leave, 'leave entry');
  }

  page(tx: Transaction, query: AskedBy<LeaveQuery>, bounds: PageBounds): Promise<Leave[]> {
    const { employeeId, code } = query;
    const rows = datedPage(whereInScope(this.select(tx, 'leave'), scopeOf(query.by)), 'date', query, bounds);
    if (employeeId !== undefined) rows.andWhere('leave.employeeId = :employeeId', { employeeId });
    if (code !== undefined) rows.andWhere('leave.code = :code', { code });
    return rows.getMany();
  }

  /** The entry, read after the wait for its owner's lock: nobody may change an entry itself. */
  override async locked(tx: Transaction, id: string): Promise<Leave> {
    const [, leave] = await Promise.all([tx.run(lockOwner, [tx.tenantId, id]), this.get(tx, id)]);
    return leave;
  }

  async lockPerson(tx: Transaction, employeeId: string): Promise<void> {
    await tx.run(lockPerson, [tx.tenantId, employeeId]);
  }

  /** The first of the dates on which the person has leave at the same time already. */
  async clash(tx: Transaction, employeeId: string, dates: readonly LeaveDate[]): Promise<string | undefined> {
    const columns = [
      dates.map(({ date }) => date),
      dates.map(({ startsAt }) => startsAt?.toISOString() ?? null),
      dates.map(({ endsAt }) => endsAt?.toISOString() ?? null),
    ];
    return (await tx.row<{ date: string }>(clash, [tx.tenantId, employeeId, ...columns]))?.date;
  }
}

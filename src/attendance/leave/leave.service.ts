import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import type { Transaction } from '../../database/transaction';
import { UnitOfWork } from '../../database/unit-of-work';
import { Cursors } from '../../http/paging/cursor';
import { notFound, Problem } from '../../http/problems/problem';
import type { Write } from '../../writes/write';
import { Writes } from '../../writes/writes';
import { type Employee, findEmployees } from '../people/employee';
import { inScope, scopeOf, scopeParameters } from '../people/scope';
import { always } from '../dates/fields';
import { type Leave, leaveToAudit } from './leave';
import { leaveDates } from './leave-dates';
import { LeaveRepository } from './leave.repository';
import type { LeaveQuery, NewLeave } from './leave.schemas';
import { pageOf, stretchOf } from '../dates/paging';

/** Leave of the people in scope. Triggers mark the days; a closed period is refused by the database. */
@Injectable()
export class LeaveService {
  constructor(
    private readonly writes: Writes,
    private readonly work: UnitOfWork,
    private readonly leave: LeaveRepository,
    private readonly cursors: Cursors,
  ) {}

  async page(by: Principal, { limit, cursor, ...filters }: LeaveQuery) {
    const scope = { tenantId: by.tenantId, route: 'leave', filters: { ...filters, by: by.userId } };
    const stretch = stretchOf(this.cursors, scope, cursor, limit);
    const { from = always.from, to = always.to, employeeId, code } = filters;
    const asked = { ...stretch, scope: scopeParameters(scopeOf(by)), from, to, employeeId, code };
    const found = await this.work.read(by.tenantId, (tx) => this.leave.page(tx, by.tenantId, asked));
    return pageOf(this.cursors, scope, found, limit, ({ date }) => date);
  }

  get(by: Principal, id: string): Promise<Leave> {
    return this.work.read(by.tenantId, async (tx) => {
      const leave = await this.leave.find(tx, by.tenantId, id);
      if (!leave || !(await this.reachable(tx, by, leave.employeeId))) throw notFound('leave entry');
      return leave;
    });
  }

  /** All dates or none: leave that was entered in part would be worse than none. */
  create(by: Principal, body: NewLeave): Write {
    const { tenantId, userId } = by;
    const { employeeId, code, note } = body;
    notForOneself(by, employeeId);
    return this.writes.change(async (tx) => {
      await this.leave.lockPerson(tx, tenantId, employeeId);
      const employee = await this.reachable(tx, by, employeeId);
      if (!employee) throw unknownEmployee();
      const dates = leaveDates(employee, body);
      const clash = await this.leave.clash(tx, tenantId, employeeId, dates);
      if (clash !== undefined) throw dateTaken(clash, body.date === undefined ? '/from' : '/date');
      const made = await this.leave.insert(tx, tenantId, employeeId, dates, { code, note, by: userId });
      const [first, last] = [made[0]?.date ?? '', made.at(-1)?.date ?? ''];
      const location = `/api/attendance/leave?employeeId=${employeeId}&from=${first}&to=${last}`;
      return {
        answer: { status: 201, body: { data: made }, location },
        audit: made.map((each) => ({
          entity: 'leave',
          action: 'create',
          entityId: each.id,
          employeeId,
          after: leaveToAudit(each),
        })),
      };
    });
  }

  remove(by: Principal, id: string, expectedVersion?: number): Write {
    const { tenantId } = by;
    return this.writes.change(async (tx) => {
      const before = await this.leave.lock(tx, tenantId, id);
      if (!before || !(await this.reachable(tx, by, before.employeeId))) throw notFound('leave entry');
      notForOneself(by, before.employeeId);
      if (expectedVersion !== undefined && before.version !== expectedVersion) {
        throw new Problem('precondition_failed', 'This is not the version that you read. Read it again.');
      }
      await this.leave.remove(tx, tenantId, id);
      return {
        answer: { status: 200, body: before },
        audit: [
          {
            entity: 'leave',
            action: 'delete',
            entityId: id,
            employeeId: before.employeeId,
            before: leaveToAudit(before),
          },
        ],
      };
    });
  }

  /** The person, unless the tenant has none of this id or the caller may not see them. */
  private async reachable(tx: Transaction, by: Principal, employeeId: string): Promise<Employee | undefined> {
    const employee = (await findEmployees(tx, by.tenantId, [employeeId])).get(employeeId);
    return employee && inScope(scopeOf(by), employee) ? employee : undefined;
  }
}

/** Leave is paid time that is granted, so nobody grants it to themselves nor takes back what another granted. */
function notForOneself(by: Principal, employeeId: string): void {
  if (by.userId !== employeeId) return;
  throw new Problem(
    'self_approval',
    'Your own leave is entered by somebody else. Ask another approver or an administrator.',
  );
}

function unknownEmployee(): Problem {
  return new Problem('employee_unknown', 'There is no such employee among the people you may enter leave for.', {
    errors: [{ pointer: '/employeeId', code: 'employee_unknown', detail: 'is not an employee in your scope' }],
  });
}

function dateTaken(date: string, pointer: string): Problem {
  return new Problem(
    'date_taken',
    `This person has leave at that time on ${date} already. Delete it first, or leave the date out.`,
    {
      errors: [{ pointer, code: 'date_taken', detail: `there is leave on ${date} already` }],
    },
  );
}

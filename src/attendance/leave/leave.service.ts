import { Injectable } from '@nestjs/common';
import { isOneself, type Principal } from '../../auth/principal';
import { withoutNulls } from '../../http/input/without-nulls';
import { notFound, Problem } from '../../http/problems/problem';
import { ResourceService } from '../../writes/resource.service';
import type { Write } from '../../writes/write';
import { byDate } from '../dates/dated-page';
import { employeeInScope } from '../people/employee';
import { maySeeOf } from '../people/scope';
import { leaveDates } from './leave-dates';
import type { Leave } from './leave.entity';
import { LeaveRepository } from './leave.repository';
import type { LeaveQuery, NewLeave } from './leave.schemas';

const toResponse = ({ tenantId: _, dueAt: _due, ...leave }: Leave) => withoutNulls(leave);
type Response = ReturnType<typeof toResponse>;

const toAudit = ({ employeeId, date, code, startsAt, endsAt, note }: Response) => ({
  employeeId,
  date,
  code,
  startsAt,
  endsAt,
  note,
});

/** Leave of the people in scope. Triggers mark the days; a closed period is refused by the database. */
@Injectable()
export class LeaveService extends ResourceService<Leave, Response, LeaveQuery> {
  constructor(private readonly leave: LeaveRepository) {
    super(leave, {
      entity: 'leave',
      path: '/api/attendance/leave',
      order: byDate,
      toResponse,
      toAudit,
      referencesOf: ({ employeeId }) => ({ employeeId }),
      assertVisible: async (tx, by, { employeeId }) => {
        if (!(await maySeeOf(tx, by, employeeId))) throw notFound('leave entry');
      },
      assertRemovable: ({ employeeId }, by) => {
        notForOneself(by, employeeId);
      },
    });
  }

  /** All dates or none: leave that was entered in part would be worse than none. */
  create(by: Principal, body: NewLeave): Write {
    const { employeeId, code, note } = body;
    notForOneself(by, employeeId);
    return this.writes.change(async (tx) => {
      await this.leave.lockPerson(tx, employeeId);
      const employee = await employeeInScope(tx, by, employeeId);
      if (!employee) throw unknownEmployee();
      const dates = leaveDates(employee, body);
      const clash = await this.leave.clash(tx, employeeId, dates);
      if (clash !== undefined) throw dateTaken(clash, body.date === undefined ? '/from' : '/date');
      const values = dates.map((date) => ({ employeeId, code, note: note ?? null, ...date }));
      const made = (await this.leave.insertAll(tx, values, by.userId)).map(toResponse);
      const [first, last] = [made[0]?.date ?? '', made.at(-1)?.date ?? ''];
      const location = `/api/attendance/leave?employeeId=${employeeId}&from=${first}&to=${last}`;
      return {
        answer: { status: 201, body: { data: made }, location },
        audit: made.map((each) => this.entry('create', undefined, each)),
      };
    });
  }
}

/** Leave is paid time that is granted, so nobody grants it to themselves nor takes back what another granted. */
function notForOneself(by: Principal, employeeId: string): void {
  if (!isOneself(by, employeeId)) return;
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

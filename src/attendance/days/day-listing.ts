import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { statement } from '../../database/statement';
import { UnitOfWork } from '../../database/unit-of-work';
import { Cursors, highestId, type Keyset, shownPage } from '../../http/paging/cursor';
import { notFound } from '../../http/problems/problem';
import { inClosedPeriod } from '../closed-periods/closed-periods';
import { always } from '../dates/fields';
import { findEmployees } from '../people/employee';
import { inScope, scopeOf, scopeParameters } from '../people/scope';
import type { DayQuery } from './day.schemas';
import { dayColumns, type DayExceptionRow, type DayRow, explainedDayOf, dayResponse } from './day-row';

const page = statement(
  'days.page',
  `SELECT ${dayColumns} FROM day_records d JOIN users u ON u.tenant_id = d.tenant_id AND u.id = d.employee_id
   WHERE d.tenant_id = $1 AND d.work_date BETWEEN $2::date AND $3::date AND (d.work_date, d.employee_id) < ($4::date, $5::uuid)
     AND ($6::uuid IS NULL OR u.org_unit_id = $6) AND ($7::uuid IS NULL OR d.employee_id = $7)
     AND ($8::uuid IS NULL OR d.employee_id = $8) AND ($9::uuid IS NULL OR u.org_unit_id = $9)
     AND ($10::text IS NULL OR d.status = $10) AND ($11::text IS NULL OR d.approval = $11)
   ORDER BY d.work_date DESC, d.employee_id DESC LIMIT $12`,
);
const one = statement(
  'days.one',
  `SELECT ${dayColumns} FROM day_records d JOIN users u ON u.tenant_id = d.tenant_id AND u.id = d.employee_id
   WHERE d.tenant_id = $1 AND d.employee_id = $2 AND d.work_date = $3::date`,
);
const exceptionsOf = statement(
  'days.exceptions_of',
  `SELECT x.id, x.code, x.anchor, x.status FROM attendance_exceptions x
   WHERE x.tenant_id = $1 AND x.employee_id = $2 AND x.work_date = $3::date`,
);
const closedOn = statement('days.closed_on', `SELECT ${inClosedPeriod('$1', '$2::date')} AS closed`);

const newestFirst: Keyset<DayRow> = {
  first: [always.to, highestId],
  positionOf: ({ date, employee_id: employeeId }) => [date, employeeId],
};

/** Reads days: a page of them, newest first, or one with its explanation. */
@Injectable()
export class DayListing {
  constructor(
    private readonly work: UnitOfWork,
    private readonly cursors: Cursors,
  ) {}

  async page(by: Principal, { limit, cursor, ...filters }: DayQuery) {
    const scope = { tenantId: by.tenantId, route: 'days', filters: { ...filters, by: by.userId } };
    const rows = await this.cursors.page(scope, { limit, cursor }, newestFirst, ({ after, limit: most }) =>
      this.work.read(by.tenantId, (tx) =>
        tx.rows<DayRow>(page, [
          by.tenantId,
          filters.from ?? always.from,
          filters.to ?? always.to,
          ...after,
          ...scopeParameters(scopeOf(by)),
          filters.employeeId ?? null,
          filters.orgUnitId ?? null,
          filters.status ?? null,
          filters.approval ?? null,
          most,
        ]),
      ),
    );
    return shownPage(rows, dayResponse);
  }

  /** The day with its explanation, and its revision for the ETag. 404 out of scope, like a day that is not on record. */
  async explained(by: Principal, employeeId: string, date: string) {
    return this.work.read(by.tenantId, async (tx) => {
      const [people, row, exceptions, closed] = await Promise.all([
        findEmployees(tx, by.tenantId, [employeeId]),
        tx.row<DayRow>(one, [by.tenantId, employeeId, date]),
        tx.rows<DayExceptionRow>(exceptionsOf, [by.tenantId, employeeId, date]),
        tx.row<{ closed: boolean }>(closedOn, [by.tenantId, date]),
      ]);
      const employee = people.get(employeeId);
      if (!employee || !row || !inScope(scopeOf(by), employee)) throw notFound('work day');
      return { body: explainedDayOf(row, employee, exceptions, closed?.closed === true), revision: row.revision };
    });
  }
}

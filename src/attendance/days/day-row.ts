import { explainDay } from '../rules/day/explain';
import { dayView, exceptionView } from '../rules/preview/view';
import { formatInstant } from '../rules/time/instant';
import type { Employee } from '../people/employee';
import type { StoredDay } from './compute';

/** A row of `day_records` with the name of the person and the number of open exceptions. */
export interface DayRow extends Record<string, unknown> {
  employee_id: string;
  name: string;
  date: string;
  record: StoredDay;
  policy_id: string | null;
  revision: number;
  computed_at: Date;
  approval: 'pending' | 'approved';
  approved_by: string | null;
  approved_at: Date | null;
  approval_reset_at: Date | null;
  open_exceptions: number;
}

/** The columns of DayRow, for every statement that reads days as `d` and people as `u`. */
export const dayColumns = `d.employee_id, u.name, d.work_date::text AS date, d.record, d.policy_id, d.revision, d.computed_at, d.approval,
  d.approved_by, d.approved_at, d.approval_reset_at,
  (SELECT count(*)::int FROM attendance_exceptions x WHERE x.tenant_id = d.tenant_id AND x.employee_id = d.employee_id
    AND x.work_date = d.work_date AND x.status = 'open') AS open_exceptions, d.tenant_id AS row_tenant`;

/** A day as the API shows it in lists. */
export function dayResponse(row: DayRow): Record<string, unknown> {
  return {
    employeeId: row.employee_id,
    employeeName: row.name,
    ...dayView(row.record),
    openExceptions: row.open_exceptions,
    approval: row.approval,
    ...(row.approved_by === null ? {} : { approvedBy: row.approved_by }),
    ...(row.approved_at === null ? {} : { approvedAt: row.approved_at }),
    ...(row.approval_reset_at === null ? {} : { approvalResetAt: row.approval_reset_at }),
    revision: row.revision,
    computedAt: row.computed_at,
  };
}

/** An exception of a day, as stored. */
export interface DayExceptionRow extends Record<string, unknown> {
  id: string;
  code: string;
  anchor: string;
  status: string;
}

/** A day with how it was computed, in words. What of its exceptions is not on record yet has no id. */
export function explainedDayOf(
  row: DayRow,
  employee: Employee,
  exceptions: readonly DayExceptionRow[],
  isClosed: boolean,
): Record<string, unknown> {
  const { record } = row;
  const { employeeId, employeeName, date, status, ...day } = dayResponse(row);
  return {
    employeeId,
    employeeName,
    date,
    status,
    explanation: explainDay(record, employee.zone), // first: it is what a person reads
    ...day,
    timeZone: employee.zone.name,
    ...(row.policy_id === null ? {} : { policyId: row.policy_id }),
    punches: record.punches.map((punch) => ({ ...punch, at: formatInstant(punch.at) })),
    exceptions: record.exceptions.map((found) => {
      const stands = exceptions.find(({ code, anchor }) => code === found.code && anchor === found.anchor);
      const { state, ...shown } = exceptionView(found);
      return { ...(stands ? { id: stands.id } : {}), ...shown, status: stands?.status ?? state.toLowerCase() };
    }),
    closed: isClosed,
  };
}

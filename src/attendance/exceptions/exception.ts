import { withoutNulls } from '../../http/input/without-nulls';
import { EXCEPTION_WORDS } from '../rules/day/explain';

export const exceptionStatuses = ['premature', 'open', 'approved', 'rejected', 'cleared', 'deleted'] as const;
export type ExceptionStatus = (typeof exceptionStatuses)[number];

/** What an exception may be about: what the rules find, and whatever else somebody notices. */
export const exceptionCodes = [...Object.keys(EXCEPTION_WORDS), 'OTHER'] as readonly string[];

/** A row of `attendance_exceptions` with the employee whom it is about. */
export interface ExceptionRow {
  readonly id: string;
  readonly employeeId: string;
  readonly employeeName: string;
  readonly orgUnitId: string | null;
  readonly date: string;
  readonly code: string;
  readonly source: 'automatic' | 'manual';
  readonly status: ExceptionStatus;
  readonly occurredAt: Date;
  readonly seconds: number;
  readonly description: string | null;
  readonly notes: string | null;
  readonly resolvedBy: string | null;
  readonly resolvedAt: Date | null;
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}

/** A row under its lock, and whether the pay period of its date is closed. */
export interface LockedException extends ExceptionRow {
  readonly closed: boolean;
}

/** The columns of ExceptionRow, for every statement that reads exceptions as `x` and users as `u`. */
export const exceptionColumns = `x.id, x.employee_id AS "employeeId", u.name AS "employeeName", u.org_unit_id AS "orgUnitId",
  x.work_date::text AS date, x.code, x.source, x.status, x.occurred_at AS "occurredAt", x.seconds, x.description, x.notes,
  x.resolved_by AS "resolvedBy", x.resolved_at AS "resolvedAt", x.created_by AS "createdBy", x.created_at AS "createdAt",
  x.updated_at AS "updatedAt", x.version, x.tenant_id AS row_tenant`;

/** An exception as the API shows it: absent is absent, not null. */
export function toExceptionResponse(row: ExceptionRow) {
  const { id, employeeId, employeeName, date, code, occurredAt, seconds, status, source, description, notes } = row;
  const { resolvedBy, resolvedAt, createdBy, version, createdAt, updatedAt } = row;
  const [approvedBy, approvedAt] = status === 'approved' ? [resolvedBy, resolvedAt] : [null, null];
  const about = { id, employeeId, employeeName, date, code, title: titleOf(code), occurredAt };
  const decision = { description, notes, resolvedBy, resolvedAt, approvedBy, approvedAt };
  const minutes = Math.floor(seconds / 60);
  return withoutNulls({ ...about, minutes, status, source, ...decision, createdBy, version, createdAt, updatedAt });
}

function titleOf(code: string): string {
  const words: Readonly<Record<string, string>> = EXCEPTION_WORDS;
  return words[code] ?? 'something else';
}

import { EXCEPTION_WORDS } from '../rules/day/explain';

export const exceptionStatuses = ['premature', 'open', 'approved', 'rejected', 'cleared', 'deleted'] as const;
export type ExceptionStatus = (typeof exceptionStatuses)[number];

/** What an exception may be about: what the rules find, and whatever else somebody notices. */
export const exceptionCodes = [...Object.keys(EXCEPTION_WORDS), 'OTHER'] as readonly string[];

/** A row of `attendance_exceptions` with the person it is about. */
export interface ExceptionRow extends Record<string, unknown> {
  id: string;
  employee_id: string;
  employee_name: string;
  org_unit_id: string | null;
  date: string;
  code: string;
  source: 'automatic' | 'manual';
  status: ExceptionStatus;
  occurred_at: Date;
  seconds: number;
  description: string | null;
  notes: string | null;
  resolved_by: string | null;
  resolved_at: Date | null;
  created_by: string | null;
  created_at: Date;
  updated_at: Date;
  version: number;
}

/** A row under its lock, and whether the pay period of its date is closed. */
export interface LockedException extends ExceptionRow {
  closed: boolean;
}

/** The columns of ExceptionRow, for every statement that reads exceptions as `x` and people as `u`. */
export const exceptionColumns = `x.id, x.employee_id, u.name AS employee_name, u.org_unit_id, x.work_date::text AS date, x.code, x.source,
  x.status, x.occurred_at, x.seconds, x.description, x.notes, x.resolved_by, x.resolved_at, x.created_by, x.created_at, x.updated_at, x.version`;

/** An exception as the API shows it: absent is absent, not null. */
export function shownException(row: ExceptionRow): Record<string, unknown> {
  return {
    id: row.id,
    employeeId: row.employee_id,
    employeeName: row.employee_name,
    date: row.date,
    code: row.code,
    title: titleOf(row.code),
    occurredAt: row.occurred_at,
    minutes: Math.floor(row.seconds / 60),
    status: row.status,
    source: row.source,
    ...(row.description === null ? {} : { description: row.description }),
    ...(row.notes === null ? {} : { notes: row.notes }),
    ...(row.resolved_by === null ? {} : { resolvedBy: row.resolved_by }),
    ...(row.resolved_at === null ? {} : { resolvedAt: row.resolved_at }),
    ...(row.status === 'approved' ? { approvedBy: row.resolved_by, approvedAt: row.resolved_at } : {}),
    ...(row.created_by === null ? {} : { createdBy: row.created_by }),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function titleOf(code: string): string {
  const words: Readonly<Record<string, string>> = EXCEPTION_WORDS;
  return words[code] ?? 'something else';
}

/** Leave of a person on one date: all of it, or from an instant to another. */
export interface Leave {
  readonly id: string;
  readonly employeeId: string;
  /** The work date that it counts for. */
  readonly date: string;
  readonly code: string;
  readonly startsAt?: Date;
  readonly endsAt?: Date;
  readonly note?: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly createdBy: string;
}

export interface LeaveRow extends Record<string, unknown> {
  id: string;
  employee_id: string;
  date: string;
  code: string;
  starts_at: Date | null;
  ends_at: Date | null;
  note: string | null;
  version: number;
  created_at: Date;
  created_by: string;
}

export const leaveColumns = `l.id, l.employee_id, l.work_date::text AS date, l.code, l.starts_at, l.ends_at, l.note, l.version,
  l.created_at, l.created_by`;

export function leaveOf(row: LeaveRow): Leave {
  return {
    id: row.id,
    employeeId: row.employee_id,
    date: row.date,
    code: row.code,
    ...(row.starts_at === null ? {} : { startsAt: row.starts_at }),
    ...(row.ends_at === null ? {} : { endsAt: row.ends_at }),
    ...(row.note === null ? {} : { note: row.note }),
    version: row.version,
    createdAt: row.created_at,
    createdBy: row.created_by,
  };
}

/** Leave as the ledger remembers it. */
export function leaveToAudit({ employeeId, date, code, startsAt, endsAt, note }: Leave): Record<string, unknown> {
  return { employeeId, date, code, startsAt, endsAt, note };
}

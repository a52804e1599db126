import { minutesOf } from '../totals/totals';

export const adjustmentStatuses = ['open', 'void', 'paid'] as const;

/** Signed time that a day is short of or over, paid with the next period that is closed. */
export interface Adjustment {
  readonly id: string;
  readonly employeeId: string;
  /** The work date that it puts right. */
  readonly date: string;
  /** `late_fact`: from punches that were reported too late; `manual`: booked by hand. */
  readonly origin: 'late_fact' | 'manual';
  readonly source: string;
  readonly rate: number;
  readonly seconds: number;
  readonly reason: string;
  readonly status: (typeof adjustmentStatuses)[number];
  readonly paidPeriodId?: string;
  readonly paidRevision?: number;
  readonly version: number;
  readonly createdAt: Date;
  /** Absent where the computation of days made it. */
  readonly createdBy?: string;
}

/** A row of `adjustments`. */
export interface AdjustmentRow extends Record<string, unknown> {
  id: string;
  employee_id: string;
  work_date: string;
  origin: Adjustment['origin'];
  pay_source: string;
  rate: number;
  seconds: number;
  reason: string;
  status: Adjustment['status'];
  paid_period_id: string | null;
  paid_revision: number | null;
  version: number;
  created_at: Date;
  created_by: string | null;
}

/** The columns of AdjustmentRow, for every statement that reads adjustments as `a`. */
export const adjustmentColumns = `a.id, a.employee_id, a.work_date::text AS work_date, a.origin, a.pay_source, a.rate::float8 AS rate, a.seconds,
  a.reason, a.status, a.paid_period_id, a.paid_revision, a.version, a.created_at, a.created_by, a.tenant_id AS row_tenant`;

export function adjustmentOf(row: AdjustmentRow): Adjustment {
  return {
    id: row.id,
    employeeId: row.employee_id,
    date: row.work_date,
    origin: row.origin,
    source: row.pay_source,
    rate: row.rate,
    seconds: row.seconds,
    reason: row.reason,
    status: row.status,
    ...(row.paid_period_id === null ? {} : { paidPeriodId: row.paid_period_id }),
    ...(row.paid_revision === null ? {} : { paidRevision: row.paid_revision }),
    version: row.version,
    createdAt: row.created_at,
    ...(row.created_by === null ? {} : { createdBy: row.created_by }),
  };
}

/** As the API shows it: in whole minutes. */
export function shownAdjustment({ seconds, ...rest }: Adjustment): Record<string, unknown> {
  return { ...rest, minutes: minutesOf(seconds) };
}

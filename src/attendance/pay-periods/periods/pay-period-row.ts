import type { PayPeriod } from './pay-period';

/** A row of `pay_periods`; dates as texts, the hash in hex. */
export interface PayPeriodRow extends Record<string, unknown> {
  id: string;
  name: string;
  start_date: string;
  end_date: string;
  grace_days: number;
  status: PayPeriod['status'];
  revision: number;
  content_hash: string | null;
  closed_at: Date | null;
  closed_by: string | null;
  version: number;
  created_at: Date;
  updated_at: Date;
  created_by: string;
}

/** The columns of PayPeriodRow, for every statement that reads periods as `p`. */
export const payPeriodColumns = `p.id, p.name, p.start_date::text AS start_date, p.end_date::text AS end_date, p.grace_days, p.status,
  p.revision, encode(p.content_hash, 'hex') AS content_hash, p.closed_at, p.closed_by, p.version, p.created_at, p.updated_at, p.created_by`;

export function payPeriodOfRow(row: PayPeriodRow): PayPeriod {
  return {
    id: row.id,
    name: row.name,
    startDate: row.start_date,
    endDate: row.end_date,
    graceDays: row.grace_days,
    status: row.status,
    revision: row.revision,
    ...(row.content_hash === null ? {} : { contentHash: row.content_hash }),
    ...(row.closed_at === null ? {} : { closedAt: row.closed_at }),
    ...(row.closed_by === null ? {} : { closedBy: row.closed_by }),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    createdBy: row.created_by,
  };
}

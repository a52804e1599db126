import type { Schedule, ScheduleStatus } from './schedule';

/** A row of `schedules`; dates as texts. */
export interface ScheduleRow extends Record<string, unknown> {
  id: string;
  employee_id: string;
  name: string;
  start_date: string;
  end_date: string | null;
  cycle_days: number | null;
  cycle_anchor: string | null;
  status: ScheduleStatus;
  published_at: Date | null;
  materialised_until: string | null;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** The columns of ScheduleRow, for every statement that reads schedules as `s`. */
export const scheduleColumns = `s.id, s.employee_id, s.name, s.start_date::text AS start_date, s.end_date::text AS end_date,
  s.cycle_days, s.cycle_anchor::text AS cycle_anchor, s.status, s.published_at,
  s.materialised_until::text AS materialised_until, s.version, s.created_at, s.updated_at, s.tenant_id AS row_tenant`;

export function scheduleOf(row: ScheduleRow): Schedule {
  const rotation =
    row.cycle_days === null || row.cycle_anchor === null
      ? undefined
      : { cycleDays: row.cycle_days, anchor: row.cycle_anchor };
  return {
    id: row.id,
    employeeId: row.employee_id,
    name: row.name,
    startDate: row.start_date,
    ...(row.end_date === null ? {} : { endDate: row.end_date }),
    ...(rotation ? { rotation } : {}),
    status: row.status,
    ...(row.published_at === null ? {} : { publishedAt: row.published_at }),
    ...(row.materialised_until === null ? {} : { materialisedUntil: row.materialised_until }),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

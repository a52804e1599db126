import type { Shift } from './shift';

/** A row of `shifts`; the date as text. */
export interface ShiftRow extends Record<string, unknown> {
  id: string;
  schedule_id: string;
  name: string | null;
  day_of_week: number | null;
  cycle_day: number | null;
  on_date: string | null;
  segments: string[];
  break_minutes: number;
  window_before_minutes: number;
  window_after_minutes: number;
  late_grace_minutes: number | null;
  early_grace_minutes: number | null;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** The columns of ShiftRow, for every statement that reads shifts as `f`. */
export const shiftColumns = `f.id, f.schedule_id, f.name, f.day_of_week, f.cycle_day, f.on_date::text AS on_date, f.segments,
  f.break_minutes, f.window_before_minutes, f.window_after_minutes, f.late_grace_minutes, f.early_grace_minutes, f.version,
  f.created_at, f.updated_at, f.tenant_id AS row_tenant`;

export function shiftOf(row: ShiftRow): Shift {
  return {
    id: row.id,
    scheduleId: row.schedule_id,
    ...(row.name === null ? {} : { name: row.name }),
    ...(row.day_of_week === null ? {} : { dayOfWeek: row.day_of_week }),
    ...(row.cycle_day === null ? {} : { cycleDay: row.cycle_day }),
    ...(row.on_date === null ? {} : { date: row.on_date }),
    segments: row.segments,
    breakMinutes: row.break_minutes,
    windowBeforeMinutes: row.window_before_minutes,
    windowAfterMinutes: row.window_after_minutes,
    ...(row.late_grace_minutes === null ? {} : { lateGraceMinutes: row.late_grace_minutes }),
    ...(row.early_grace_minutes === null ? {} : { earlyGraceMinutes: row.early_grace_minutes }),
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

import type { PunchFlag, RecordedType } from './presence';
import type { Punch, PunchSource } from './punch';

/** A row of `punches` as the driver hands it over, or as row_to_json wrote it. */
export interface PunchRow extends Record<string, unknown> {
  id: string;
  employee_id: string;
  type: RecordedType;
  occurred_at: Date | string;
  received_at: Date | string;
  device_offset_minutes: number | null;
  skew_ms: string | number;
  source: PunchSource;
  device_id: string | null;
  shift_id: string | null;
  latitude: number | null;
  longitude: number | null;
  accuracy_meters: number | null;
  client_punch_id: string | null;
  flags: PunchFlag[];
  status: Punch['status'];
  superseded_by: string | null;
  replaces: string | null;
  reason: string | null;
  version: number;
  created_by: string;
}

/** The columns of PunchRow, for every statement that reads punches. */
export const punchColumns = `id, employee_id, type, occurred_at, received_at, device_offset_minutes, skew_ms, source, device_id,
  shift_id, latitude, longitude, accuracy_meters, client_punch_id, flags, status, superseded_by, replaces, reason, version, created_by`;

export function punchOf(row: PunchRow): Punch {
  return {
    id: row.id,
    employeeId: row.employee_id,
    type: row.type,
    occurredAt: new Date(row.occurred_at),
    receivedAt: new Date(row.received_at),
    skewMs: Number(row.skew_ms),
    source: row.source,
    flags: row.flags,
    status: row.status,
    version: row.version,
    createdBy: row.created_by,
    ...(row.device_offset_minutes === null ? {} : { deviceOffsetMinutes: row.device_offset_minutes }),
    ...(row.device_id === null ? {} : { deviceId: row.device_id }),
    ...(row.shift_id === null ? {} : { shiftId: row.shift_id }),
    ...(row.latitude === null ? {} : { latitude: row.latitude }),
    ...(row.longitude === null ? {} : { longitude: row.longitude }),
    ...(row.accuracy_meters === null ? {} : { accuracyMeters: row.accuracy_meters }),
    ...(row.client_punch_id === null ? {} : { clientPunchId: row.client_punch_id }),
    ...(row.replaces === null ? {} : { replaces: row.replaces }),
    ...(row.superseded_by === null ? {} : { supersededBy: row.superseded_by }),
    ...(row.reason === null ? {} : { reason: row.reason }),
  };
}

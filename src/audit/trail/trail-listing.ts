import type { TimeRange } from '../reading/id-range';
import type { TrailEntry, TrailQuery } from './trail.schemas';
import type { TrailRow } from './trail.repository';

const day = 86_400_000;

/** The time that is asked for: a day as an end counts as a whole, an instant is exclusive. */
export function timeOf({ startDate, endDate }: Pick<TrailQuery, 'startDate' | 'endDate'>): TimeRange {
  return {
    ...(startDate === undefined ? {} : { from: new Date(startDate).toISOString() }),
    ...(endDate === undefined
      ? {}
      : { to: isDay(endDate) ? new Date(Date.parse(endDate) + day).toISOString() : new Date(endDate).toISOString() }),
  };
}

const isDay = (text: string) => text.length === 10;

/** A line as the API shows it. */
export function trailLineResponse(row: TrailRow): TrailEntry {
  return {
    id: row.id,
    eventType: row.event_type,
    userId: row.user_id,
    resourceType: row.resource_type,
    resourceId: row.resource_id,
    action: row.action,
    details: row.details,
    ip: row.ip,
    status: row.status,
    durationMs: row.duration_ms,
    requestId: row.request_id,
    createdAt: row.created_at.toISOString(),
  };
}

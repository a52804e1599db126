import type { Problem } from '../../http/problems/problem';
import type { PunchFlag, RecordedType } from './presence';

/** Where a punch came from. At an interactive source, a person can react to a refusal. */
export const interactiveSources = ['api', 'kiosk', 'mobile', 'web'] as const;
export const punchSources = [...interactiveSources, 'terminal', 'batch', 'import', 'admin'] as const;
export type PunchSource = (typeof punchSources)[number];

/** A punch as it was reported, before it is decided what becomes of it. Instants have millisecond precision. */
export interface PunchDraft {
  readonly employeeId: string;
  readonly type: RecordedType;
  /** The device's time; without it, the database's clock is used. */
  readonly occurredAt?: Date;
  /** Minutes east of UTC that the device wrote behind its time. */
  readonly deviceOffsetMinutes?: number;
  readonly source: PunchSource;
  readonly deviceId?: string;
  readonly shiftId?: string;
  readonly latitude?: number;
  readonly longitude?: number;
  /** How exact the device says that its position is. */
  readonly accuracyMeters?: number;
  readonly clientPunchId?: string;
  /** Why it is refused whatever else is known: what it says cannot be. */
  readonly impossible?: Problem;
}

/**
 * `active` counts. `superseded` and `deleted` did. `quarantined` was reported for a closed pay period, by people about themselves
 * and too long after, or from outside of the places of the tenant, and waits for a decision: accepted, it is `active` or, its period being closed, `accepted` and counts for an
 * adjustment; `void`, it never counts.
 */
export const punchStatuses = ['active', 'superseded', 'deleted', 'quarantined', 'accepted', 'void'] as const;
export type PunchStatus = (typeof punchStatuses)[number];

/** A recorded punch. A fact: nothing of it changes but its status (`status`, `supersededBy`, `reason`). */
export interface Punch extends Omit<PunchDraft, 'occurredAt' | 'impossible'> {
  readonly id: string;
  readonly occurredAt: Date;
  readonly receivedAt: Date;
  /** receivedAt - occurredAt: how late the punch arrived, or how wrong the device's clock is. */
  readonly skewMs: number;
  readonly flags: readonly PunchFlag[];
  readonly status: PunchStatus;
  readonly createdBy: string;
  readonly replaces?: string;
  readonly supersededBy?: string;
  readonly reason?: string;
  readonly version: number;
}

/**
 * Two reports with the same key are the same punch, whatever the network did: the app's own number of the punch, or device,
 * person, instant and type.
 */
export function dedupeKeyOf(draft: PunchDraft): string | undefined {
  if (draft.clientPunchId !== undefined) return `client:${draft.employeeId}:${draft.clientPunchId}`;
  if (draft.deviceId === undefined || !draft.occurredAt) return undefined;
  return `device:${draft.deviceId}:${draft.employeeId}:${draft.occurredAt.toISOString()}:${draft.type}`;
}

/** A punch as the API shows it: absent is absent, not null. */
export function punchResponse(punch: Punch): Record<string, unknown> {
  return { ...punch, flags: [...punch.flags] };
}

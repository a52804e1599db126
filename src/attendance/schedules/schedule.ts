export const scheduleStatuses = ['draft', 'published', 'superseded', 'deleted'] as const;
export type ScheduleStatus = (typeof scheduleStatuses)[number];

/** A pattern of `cycleDays` days that stands at day 1 on the date `anchor`. */
interface Rotation {
  readonly cycleDays: number;
  readonly anchor: string;
}

/** A plan for one person over a span of local dates, both ends included; without an end it goes on. */
export interface Schedule {
  readonly id: string;
  readonly employeeId: string;
  readonly name: string;
  readonly startDate: string;
  readonly endDate?: string | undefined;
  /** Left out, the plan is weekly. */
  readonly rotation?: Rotation | undefined;
  readonly status: ScheduleStatus;
  readonly publishedAt?: Date | undefined;
  /** The last date up to which the shifts have been given their instants. */
  readonly materialisedUntil?: string | undefined;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** `2026-12-07 to 2027-06-30`: what a schedule without a name is called. */
export function datesOf({ startDate, endDate }: Pick<Schedule, 'startDate' | 'endDate'>): string {
  return endDate === undefined ? `from ${startDate}` : `${startDate} to ${endDate}`;
}

/** A schedule as the API shows it; absent is absent, not null. */
export function scheduleResponse(schedule: Schedule): Record<string, unknown> {
  return { ...schedule };
}

/** A schedule as the ledger remembers it: what somebody decided, not what follows from it. */
export function scheduleToAudit(schedule: Schedule): Record<string, unknown> {
  const { employeeId, name, startDate, endDate, rotation, status } = schedule;
  return { employeeId, name, startDate, endDate, rotation, status };
}

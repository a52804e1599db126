import type { ShiftDefinition } from '../rules/shifts/shift';

/** What the planner writes of a shift, besides its day. Times on the person's clock; durations in minutes. */
interface ShiftHours {
  readonly name?: string | undefined;
  /** In the order of the day, each `09:00-12:00`; empty makes its date a day off. */
  readonly segments: readonly string[];
  readonly breakMinutes: number;
  readonly windowBeforeMinutes: number;
  readonly windowAfterMinutes: number;
  /** Left out, the grace of the policy. */
  readonly lateGraceMinutes?: number | undefined;
  readonly earlyGraceMinutes?: number | undefined;
}

/** A shift of a schedule: on a weekday (0 = Sunday), on a day of the rotation (from 1), or on one date. Exactly one of the three. */
export interface Shift extends ShiftHours {
  readonly id: string;
  readonly scheduleId: string;
  readonly dayOfWeek?: number | undefined;
  readonly cycleDay?: number | undefined;
  readonly date?: string | undefined;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A shift before it has an id. */
export type ShiftDraft = Omit<Shift, 'id' | 'scheduleId' | 'version' | 'createdAt' | 'updatedAt'>;

/** A shift as the API shows it, its times in both spellings. */
export function shiftResponse(shift: Shift): Record<string, unknown> {
  const { version, createdAt, updatedAt, ...rest } = shift;
  return { ...rest, ...timesOf(shift.segments), version, createdAt, updatedAt };
}

/** A shift as the ledger remembers it. */
export function shiftToAudit(shift: ShiftDraft): Record<string, unknown> {
  const { name, dayOfWeek, cycleDay, date, segments, breakMinutes, windowBeforeMinutes, windowAfterMinutes } = shift;
  const { lateGraceMinutes, earlyGraceMinutes } = shift;
  const windows = { windowBeforeMinutes, windowAfterMinutes, lateGraceMinutes, earlyGraceMinutes };
  return { name, dayOfWeek, cycleDay, date, segments, breakMinutes, ...windows };
}

function timesOf(segments: readonly string[]): Record<string, unknown> {
  const startTime = segments[0]?.split('-')[0];
  const endTime = segments.at(-1)?.split('-')[1];
  return startTime === undefined || endTime === undefined ? { dayOff: true } : { startTime, endTime };
}

/** The shift as the rules know it: durations in seconds. */
export function definitionOf(shift: Shift): ShiftDefinition {
  return {
    id: shift.id,
    segments: shift.segments,
    windowBeforeSeconds: shift.windowBeforeMinutes * 60,
    windowAfterSeconds: shift.windowAfterMinutes * 60,
    breakSeconds: shift.breakMinutes * 60,
    ...(shift.lateGraceMinutes === undefined ? {} : { lateGraceSeconds: shift.lateGraceMinutes * 60 }),
    ...(shift.earlyGraceMinutes === undefined ? {} : { earlyGraceSeconds: shift.earlyGraceMinutes * 60 }),
  };
}

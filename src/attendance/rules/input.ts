import type { HolidayDate, LeaveEntry } from './day/draft';
import type { Policy } from './policy';
import type { PunchEvent } from './punches/punch';
import type { ShiftInstance } from './shifts/shift';
import type { DayNumber } from './time/calendar';
import type { Instant } from './time/instant';
import type { Interval } from './time/interval';
import type { Zone } from './time/zone';

/**
 * Everything that decides about the days of one employee. There is no other input: no clock, no database, no setting.
 * For overtime to be right `punches` must reach over whole workweeks, and one shift beyond each end of the span.
 */
export interface AttendanceInput {
  readonly zone: Zone;
  /** In any order; duplicates and superseded punches may be among them. */
  readonly punches: readonly PunchEvent[];
  readonly shifts: readonly ShiftInstance[];
  readonly policy: Policy;
  /** The work dates to answer, both included. */
  readonly from: DayNumber;
  readonly to: DayNumber;
  readonly now: Instant;
  /** Up to here all devices have delivered; absent means up to `now`. */
  readonly watermark?: Instant | null;
  readonly holidays?: readonly HolidayDate[];
  readonly leave?: readonly LeaveEntry[];
  /** Overtime that was approved beforehand. */
  readonly authorisedOvertime?: readonly Interval[];
  /** No shift is expected outside of these dates (both included; `null` = open). */
  readonly employment?: { readonly from: DayNumber | null; readonly until: DayNumber | null };
}

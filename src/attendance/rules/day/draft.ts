import type { ShiftInstance } from '../shifts/shift';
import type { DayNumber } from '../time/calendar';
import type { Interval } from '../time/interval';
import type { SegmentResult } from './segments';
import type { Work } from './work';

/** Leave on a date: of the whole day, or of the hours that the interval names. */
export interface LeaveEntry {
  readonly day: DayNumber;
  readonly code: string;
  readonly hours: Interval | null;
}

export interface HolidayDate {
  readonly day: DayNumber;
  readonly name: string;
}

/** A shift of the day with what was punched for it, if anything. */
export interface PlannedWork {
  readonly shift: ShiftInstance;
  readonly work: Work | null;
  readonly segments: readonly SegmentResult[];
}

/** Everything known of a work date while it is being computed. */
export interface DayDraft {
  readonly day: DayNumber;
  readonly works: Work[];
  readonly planned: PlannedWork[];
  readonly payable: Interval[];
  readonly leave: readonly LeaveEntry[];
  readonly holiday: HolidayDate | null;
}

export function emptyDraft(day: DayNumber, leave: readonly LeaveEntry[], holiday: HolidayDate | null): DayDraft {
  return { day, works: [], planned: [], payable: [], leave, holiday };
}

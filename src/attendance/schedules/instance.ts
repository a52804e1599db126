import type { ShiftInstance } from '../rules/shifts/shift';
import type { DayNumber } from '../rules/time/calendar';
import type { Instant } from '../rules/time/instant';

/** A shift on a date as it is stored, as far as another plan has to mind it. */
export interface StoredInstance {
  readonly scheduleId: string;
  readonly shiftId: string;
  readonly day: DayNumber;
  readonly windowStart: Instant;
  readonly instance: ShiftInstance;
}

export interface StoredInstanceRow extends Record<string, unknown> {
  employee_id: string;
  schedule_id: string;
  shift_id: string;
  day: number;
  window_start: number;
  segments: string;
  review: ShiftInstance['review'];
}

export function storedInstanceOf(row: StoredInstanceRow): StoredInstance {
  const bounds = row.segments.split(' ').map(Number);
  const segments = bounds.flatMap((start, index) =>
    index % 2 === 0 ? [{ start, end: bounds[index + 1] ?? start }] : [],
  );
  return {
    scheduleId: row.schedule_id,
    shiftId: row.shift_id,
    day: row.day,
    windowStart: row.window_start,
    instance: {
      id: row.shift_id,
      day: row.day,
      segments,
      start: segments[0]?.start ?? 0,
      end: segments.at(-1)?.end ?? 0,
      windowStart: row.window_start,
      windowEnd: 0,
      localStart: '',
      localEnd: '',
      breakSeconds: 0,
      lateGraceSeconds: null,
      earlyGraceSeconds: null,
      review: row.review,
    },
  };
}

/** A new shift on a date, ready to be stored. */
export interface NewInstance {
  readonly employeeId: string;
  readonly scheduleId: string;
  readonly instance: ShiftInstance;
}

/** The parameters of the insert behind the tenant: one array for each column. */
export function columnsOf(rows: readonly NewInstance[]): unknown[][] {
  const of = (pick: (instance: ShiftInstance) => unknown) => rows.map(({ instance }) => pick(instance));
  return [
    rows.map(({ employeeId }) => employeeId),
    rows.map(({ scheduleId }) => scheduleId),
    of(({ id }) => id),
    of(({ day }) => day),
    of(({ start }) => start),
    of(({ end }) => end),
    of(({ windowStart }) => windowStart),
    of(({ windowEnd }) => windowEnd),
    of(({ segments }) => `{${segments.map(({ start, end }) => `${start},${end}`).join(',')}}`),
    of(({ localStart }) => localStart),
    of(({ localEnd }) => localEnd),
    of(({ breakSeconds }) => breakSeconds),
    of(({ lateGraceSeconds }) => lateGraceSeconds),
    of(({ earlyGraceSeconds }) => earlyGraceSeconds),
    of(({ review }) => review),
  ];
}

import { validationFailed } from '../../http/input/schema.pipe';
import { Problem } from '../../http/problems/problem';
import { localSegments } from '../rules/shifts/shift';
import { refusingRules } from '../people/rule-problem';
import type { Schedule } from './schedule';
import type { Shift, ShiftDraft } from './shift';
import type { NewShift, ShiftPatch } from './shift.schemas';

/** The shift that a body asks for. `at` is where it stood: '' or `/shifts/3`. Refuses hours that cannot be, and a day that the schedule does not have. */
export function draftOf(
  schedule: Pick<Schedule, 'startDate' | 'endDate' | 'rotation'>,
  body: NewShift,
  at = '',
): ShiftDraft {
  const { startTime, endTime, segments, dayOff: _, ...rest } = body;
  const draft = { ...rest, segments: segments ?? hoursOf(startTime, endTime) };
  check(schedule, draft, at, segments !== undefined);
  return draft;
}

/** The shift with a patch applied; a day or hours in the patch take the place of those that were. */
export function amended(schedule: Schedule, before: Shift, patch: ShiftPatch): ShiftDraft {
  const { dayOfWeek, cycleDay, date } = [patch.dayOfWeek, patch.cycleDay, patch.date].some(isGiven) ? patch : before;
  const draft = {
    name: patched(patch.name, before.name),
    dayOfWeek,
    cycleDay,
    date,
    segments: segmentsOf(before, patch),
    breakMinutes: patch.breakMinutes ?? before.breakMinutes,
    windowBeforeMinutes: patch.windowBeforeMinutes ?? before.windowBeforeMinutes,
    windowAfterMinutes: patch.windowAfterMinutes ?? before.windowAfterMinutes,
    lateGraceMinutes: patched(patch.lateGraceMinutes, before.lateGraceMinutes),
    earlyGraceMinutes: patched(patch.earlyGraceMinutes, before.earlyGraceMinutes),
  };
  check(schedule, draft, '', patch.segments !== undefined);
  return draft;
}

function segmentsOf(before: Shift, patch: ShiftPatch): readonly string[] {
  if (patch.dayOff) return [];
  if (patch.segments) return patch.segments;
  if (patch.startTime === undefined && patch.endTime === undefined) return before.segments;
  if (patch.startTime !== undefined && patch.endTime !== undefined) return hoursOf(patch.startTime, patch.endTime);
  const [only, ...more] = before.segments;
  if (only === undefined || more.length > 0) {
    const detail = 'does not say enough: give startTime and endTime, or segments';
    throw validationFailed([{ pointer: `/${patch.startTime ? 'startTime' : 'endTime'}`, code: 'invalid', detail }]);
  }
  const [start, end] = only.split('-');
  return hoursOf(patch.startTime ?? start, patch.endTime ?? end);
}

function check(
  schedule: Pick<Schedule, 'startDate' | 'endDate' | 'rotation'>,
  draft: ShiftDraft,
  at: string,
  split: boolean,
): void {
  mustBeADayOf(schedule, draft, at);
  if (draft.segments.length === 0) {
    if (draft.date !== undefined) return;
    throw fault(`${at}/startTime`, 'is required with endTime for a shift that is not of one date');
  }
  const pointer = split ? `${at}/segments` : `${at}/endTime`;
  const ranges = refusingRules(() => localSegments(draft.segments), pointer);
  for (const [index, range] of ranges.entries()) {
    if (range.start >= (ranges[index - 1]?.end ?? 0)) continue;
    throw new Problem(
      'shifts_overlap',
      'The segments of a shift follow each other; one begins before the one in front has ended.',
      {
        errors: [
          {
            pointer: `${at}/segments/${index}`,
            code: 'shifts_overlap',
            detail: 'begins before the segment in front has ended',
          },
        ],
      },
    );
  }
  const length = ranges.reduce((sum, { start, end }) => sum + (end - start) / 60, 0);
  if (draft.breakMinutes >= length)
    throw fault(`${at}/breakMinutes`, `must be below the ${length} minutes of the shift`);
}

/** A weekly schedule has weekdays, a rotation the days of its cycle, and both have the dates of their span. */
function mustBeADayOf(
  schedule: Pick<Schedule, 'startDate' | 'endDate' | 'rotation'>,
  draft: ShiftDraft,
  at: string,
): void {
  const { rotation, startDate, endDate } = schedule;
  if (rotation && draft.dayOfWeek !== undefined) {
    throw fault(`${at}/dayOfWeek`, `is not for a rotation of ${rotation.cycleDays} days; use cycleDay, or a date`);
  }
  if (!rotation && draft.cycleDay !== undefined) {
    throw fault(
      `${at}/cycleDay`,
      'is not for a weekly schedule; use dayOfWeek or a date, or give the schedule a rotation',
    );
  }
  if (rotation && draft.cycleDay !== undefined && draft.cycleDay > rotation.cycleDays) {
    throw fault(`${at}/cycleDay`, `must be at most ${rotation.cycleDays}, the days of the rotation`);
  }
  if (draft.date !== undefined && (draft.date < startDate || (endDate !== undefined && draft.date > endDate))) {
    throw fault(
      `${at}/date`,
      `must lie within the schedule, from ${startDate}${endDate === undefined ? ' on' : ` to ${endDate}`}`,
    );
  }
}

const fault = (pointer: string, detail: string) => validationFailed([{ pointer, code: 'invalid', detail }]);
const isGiven = (value: unknown) => value !== undefined;
const hoursOf = (start?: string, end?: string) => (start === undefined || end === undefined ? [] : [`${start}-${end}`]);
const patched = <T>(given: T | null | undefined, present: T | undefined): T | undefined =>
  given === undefined ? present : (given ?? undefined);

import { isAssigned } from '../rules/shifts/rotation';
import { materialise, type ShiftDefinition, type ShiftInstance } from '../rules/shifts/shift';
import { type DayNumber, parseDate, weekdayOf } from '../rules/time/calendar';
import type { Zone } from '../rules/time/zone';
import type { Schedule } from './schedule';
import { definitionOf, type Shift } from './shift';

export interface Span {
  readonly from: DayNumber;
  readonly to: DayNumber;
}

/** A schedule with its shifts. */
export interface Plan {
  readonly schedule: Schedule;
  readonly shifts: readonly Shift[];
}

/** The shifts of a plan in a span of dates, given their instants on the clock of `zone`; nothing before its start or after its end. */
export function expand(plan: Plan, span: Span, zone: Zone): ShiftInstance[] {
  const { startDate, endDate } = plan.schedule;
  const assignment = { from: parseDate(startDate), until: endDate === undefined ? null : parseDate(endDate) };
  const shiftsOn = dayLookup(plan);
  const result: ShiftInstance[] = [];
  for (let day = Math.max(span.from, assignment.from); day <= span.to && isAssigned(assignment, day); day += 1) {
    for (const shift of shiftsOn(day)) result.push(materialise(shift, day, zone));
  }
  return result;
}

/** Which shifts a date has: those of the date itself where there are any, else those of its weekday or its day of the rotation. */
function dayLookup({ schedule, shifts }: Plan): (day: DayNumber) => readonly ShiftDefinition[] {
  const dates = new Map<DayNumber, ShiftDefinition[]>();
  const positions = new Map<number, ShiftDefinition[]>();
  for (const shift of shifts) {
    // A day off has no times: its date is known, and nothing happens on it.
    const times = shift.segments.length > 0 ? [definitionOf(shift)] : [];
    if (shift.date !== undefined) append(dates, parseDate(shift.date), times);
    else append(positions, shift.dayOfWeek ?? shift.cycleDay ?? -1, times);
  }
  const position = positionOf(schedule);
  return (day) => dates.get(day) ?? positions.get(position(day)) ?? [];
}

function positionOf({ rotation }: Schedule): (day: DayNumber) => number {
  if (!rotation) return weekdayOf;
  const { cycleDays } = rotation;
  const anchor = parseDate(rotation.anchor);
  return (day) => ((((day - anchor) % cycleDays) + cycleDays) % cycleDays) + 1;
}

function append<K, V>(map: Map<K, V[]>, key: K, values: readonly V[]): void {
  const present = map.get(key);
  if (present) present.push(...values);
  else map.set(key, [...values]);
}

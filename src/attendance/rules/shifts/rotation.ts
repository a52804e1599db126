import type { DayNumber } from '../time/calendar';
import type { Zone } from '../time/zone';
import { materialise, type ShiftDefinition, type ShiftInstance } from './shift';

/** A pattern that repeats: on day `n` of the cycle the shifts of `days[n]` (none = a day off). A week is a cycle of seven. */
interface RotationPattern {
  /** The date on which the cycle stands at its first day. */
  readonly anchor: DayNumber;
  readonly days: readonly (readonly ShiftDefinition[])[];
}

/** The span, both ends included, in which an employee follows a pattern; `until: null` is open. */
interface Assignment {
  readonly from: DayNumber;
  readonly until: DayNumber | null;
}

export function isAssigned(assignment: Assignment, day: DayNumber): boolean {
  return day >= assignment.from && (assignment.until === null || day <= assignment.until);
}

/** The shifts of a rotation from `from` to `to`, both included, as far as the assignment reaches. */
export function rotate(
  pattern: RotationPattern,
  assignment: Assignment,
  span: { from: DayNumber; to: DayNumber },
  zone: Zone,
): ShiftInstance[] {
  const cycle = pattern.days.length;
  if (cycle === 0) return [];
  const result: ShiftInstance[] = [];
  for (let day = span.from; day <= span.to; day += 1) {
    if (!isAssigned(assignment, day)) continue;
    const position = (((day - pattern.anchor) % cycle) + cycle) % cycle;
    for (const definition of pattern.days[position] ?? []) result.push(materialise(definition, day, zone));
  }
  return result;
}

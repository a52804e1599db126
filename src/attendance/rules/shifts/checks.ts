import { overlaps } from '../time/interval';
import { dateOf, type ShiftInstance } from './shift';

/** Why a schedule may not be published as it is; `other` is the neighbour for faults between two shifts. */
export interface ScheduleFault {
  readonly code: 'OVERLAP' | 'SHORT_REST' | 'GAP';
  readonly shift: string;
  readonly date: string;
  readonly other: string | null;
  /** OVERLAP: seconds shared; SHORT_REST: seconds of rest there are; GAP: 0. */
  readonly seconds: number;
}

/** Half-open: a shift may begin at the instant at which another ends. */
export function shiftsOverlap(a: ShiftInstance, b: ShiftInstance): boolean {
  return a.segments.some((left) => b.segments.some((right) => overlaps(left, right)));
}

/**
 * Checks the shifts of one employee before they are published: no two overlap, rest between the end of one shift and
 * the beginning of one on another date is at least `minimumRest` elapsed seconds (Directive 2003/88/EC art. 3: 11 h;
 * 0 checks nothing; parts of a split day are not a daily rest), no boundary lies in a gap of the clock.
 */
export function checkSchedule(shifts: readonly ShiftInstance[], minimumRest: number): ScheduleFault[] {
  const sorted = [...shifts].sort((a, b) => a.start - b.start || a.end - b.end || (a.id < b.id ? -1 : 1));
  const faults: ScheduleFault[] = [];
  for (const [index, shift] of sorted.entries()) {
    const base = { shift: shift.id, date: dateOf(shift) };
    if (shift.review) faults.push({ code: 'GAP', ...base, other: null, seconds: 0 });
    for (const next of sorted.slice(index + 1)) {
      if (next.start >= shift.end + minimumRest) break;
      const rest = next.start - shift.end;
      if (shiftsOverlap(shift, next)) {
        const seconds = Math.min(shift.end, next.end) - next.start;
        faults.push({ code: 'OVERLAP', ...base, other: next.id, seconds });
      } else if (rest >= 0 && rest < minimumRest && next.day !== shift.day) {
        faults.push({ code: 'SHORT_REST', ...base, other: next.id, seconds: rest });
      }
    }
  }
  return faults;
}

import { MAX_FAULTS } from '../../http/body/json-faults';
import { type Fault, Problem, type ProblemCode } from '../../http/problems/problem';
import { checkSchedule, type ScheduleFault } from '../rules/shifts/checks';
import type { ShiftInstance } from '../rules/shifts/shift';
import { dateOf } from '../rules/shifts/shift';
import type { DayNumber } from '../rules/time/calendar';
import type { Instant } from '../rules/time/instant';

/** Why a plan cannot be published, for one date. */
interface PlanFault extends Fault {
  readonly date: string;
  readonly shiftId: string;
  readonly otherShiftId?: string;
  readonly otherDate?: string;
  readonly remedy: string;
}

/** Least rest before or after a shift of a date, in seconds; 0 asks for none. */
export type RestOn = (day: DayNumber) => number;

/**
 * The refusal of shifts that are new beside those that are there, or undefined when they fit. Faults among what is there alone
 * are not theirs, and are left out. `pointer`: what in the body is to blame; `now`: what began by then cannot be moved.
 */
export function faultsOf(
  created: readonly ShiftInstance[],
  present: readonly ShiftInstance[],
  restOn: RestOn,
  { pointer, now }: { readonly pointer: string; readonly now: Instant },
): Problem | undefined {
  const named = new Map<string, ShiftInstance>();
  const isNew = new Set<string>();
  const naming = (instance: ShiftInstance) => {
    const id = `${instance.id} ${instance.day}`;
    named.set(id, instance);
    return { ...instance, id };
  };
  const fresh = created.map(naming);
  for (const { id } of fresh) isNew.add(id);
  const longest = created.reduce((most, { day }) => Math.max(most, restOn(day)), 0);
  const faults = checkSchedule([...present.map(naming), ...fresh], longest).flatMap((fault) => {
    const shift = named.get(fault.shift);
    const other = fault.other === null ? undefined : named.get(fault.other);
    if (!shift || !(isNew.has(fault.shift) || (fault.other !== null && isNew.has(fault.other)))) return [];
    if (fault.code === 'SHORT_REST' && fault.seconds >= restOn(other?.day ?? shift.day)) return [];
    const neighbours = [shift, other].filter(
      (each, at) => each && !isNew.has((at === 0 ? fault.shift : fault.other) ?? ''),
    );
    const remedy = remedyOf(
      fault.code,
      neighbours.some(Boolean),
      neighbours.some((each) => each && each.windowStart <= now),
    );
    return [described(fault, shift, other, restOn(other?.day ?? shift.day), { pointer, remedy })];
  });
  return faults.length === 0 ? undefined : refusal(faults);
}

const codes = {
  OVERLAP: 'shifts_overlap',
  GAP: 'local_time_nonexistent',
  SHORT_REST: 'rest_too_short',
} as const satisfies Record<ScheduleFault['code'], ProblemCode>;

function described(
  fault: ScheduleFault,
  shift: ShiftInstance,
  other: ShiftInstance | undefined,
  minimum: number,
  { pointer, remedy }: { readonly pointer: string; readonly remedy: string },
): PlanFault {
  const hours = `${shift.localStart.slice(11)}-${shift.localEnd.slice(11)}`;
  const what = {
    GAP: `has the shift ${hours} on ${fault.date}, when the clock jumps over one of its bounds`,
    OVERLAP: `has shifts that share ${minutes(fault.seconds)} on ${fault.date}`,
    SHORT_REST: `leaves ${minutes(fault.seconds)} of rest after the shift of ${fault.date}, less than ${minutes(minimum)}`,
  }[fault.code];
  const neighbour = other ? { otherShiftId: other.id, otherDate: dateOf(other) } : {};
  const code = codes[fault.code];
  return { pointer, code, detail: `${what}; ${remedy}`, date: fault.date, shiftId: shift.id, ...neighbour, remedy };
}

/** `beside`: one of the two stands in another plan, or has its instants already; `begun`: and it has begun. */
function remedyOf(code: ScheduleFault['code'], beside: boolean, begun: boolean): string {
  if (code === 'GAP') return 'add a shift for this date';
  if (begun) return 'what has begun stays as it is: begin the schedule later';
  if (code === 'SHORT_REST') return 'move one of the two, or lower minDailyRestMinutes in the policy';
  return beside ? 'move one of the two, or publish with replace' : 'move one of the two, or add a shift for this date';
}

/** The gravest kind gives the refusal its code; `errors` names all faults, the gravest first. */
function refusal(faults: readonly PlanFault[]): Problem {
  const order: readonly string[] = Object.values(codes);
  const sorted = [...faults].sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code));
  const [first] = sorted;
  const code = Object.values(codes).find((known) => known === first?.code) ?? 'shifts_overlap';
  const more = faults.length > 1 ? ` And ${faults.length - 1} more; see errors.` : '';
  return new Problem(code, `The schedule ${first?.detail ?? 'does not fit'}.${more}`, {
    errors: sorted.slice(0, MAX_FAULTS),
    ...(faults.length > MAX_FAULTS ? { members: { faults: faults.length } } : {}),
  });
}

const minutes = (seconds: number) => `${Math.floor(seconds / 60)} minutes`;

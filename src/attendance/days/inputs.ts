import type { Transaction } from '../../database/transaction';
import { closedDays } from '../closed-periods/closed-periods';
import type { PolicyVersions } from '../policies/policies-in-force';
import { loadPolicies } from '../policies/policies-in-force';
import type { HolidayDate, LeaveEntry } from '../rules/day/draft';
import type { PunchEvent, PunchType } from '../rules/punches/punch';
import type { ShiftInstance } from '../rules/shifts/shift';
import { formatDate, SECONDS_PER_DAY, type DayNumber } from '../rules/time/calendar';
import type { Instant } from '../rules/time/instant';
import type { Interval } from '../rules/time/interval';
import { type Employee, findEmployees } from '../people/employee';
import { readHolidays, readLeave, readClock, readPunches, readShifts } from './inputs.statements';
import { type DaySpan, longestRun, spanAround, wholeWeeks } from './span';

/** Everything that decides about the days of one person, read in one transaction. */
export interface PersonInputs {
  readonly employee: Employee;
  readonly span: DaySpan;
  readonly punches: readonly PunchEvent[];
  readonly shifts: readonly ShiftInstance[];
  readonly leave: readonly LeaveEntry[];
  readonly holidays: readonly HolidayDate[];
}

/** What is the same for all people of a call. */
export interface ComputationContext {
  readonly now: Instant;
  readonly policies: PolicyVersions;
  readonly isClosed: (day: DayNumber) => boolean;
}

export interface EmployeeDates {
  readonly employeeId: string;
  readonly from: DayNumber;
  readonly to: DayNumber;
}

interface TextRow extends Record<string, unknown> {
  id: string;
  rows: string;
}
interface LeaveRow extends Record<string, unknown> {
  employee_id: string;
  day: number;
  code: string;
  starts: number | null;
  ends: number | null;
}
interface HolidayRow extends Record<string, unknown> {
  day: number;
  name: string;
  org_unit_id: string | null;
}

/** Before the span: work that began earlier, and the rest that followed it, besides the run of days that the first of it may go on. Behind it: the rest that follows. */
const CONTEXT_BEFORE = 3 * SECONDS_PER_DAY;
const CONTEXT_AFTER = 3 * SECONDS_PER_DAY;

/**
 * Reads the inputs of some people in two exchanges. The dates asked for are widened to all dates that a change on them can move
 * (see spanAround). Whoever is unknown to the tenant is left out.
 */
export async function readInputs(
  tx: Transaction,
  asked: readonly EmployeeDates[],
  dates: 'near' | 'exactly',
): Promise<{ people: PersonInputs[]; context: ComputationContext }> {
  const [policies, employees, now] = await Promise.all([
    loadPolicies(tx, tx.tenantId),
    findEmployees(
      tx,
      tx.tenantId,
      asked.map(({ employeeId }) => employeeId),
    ),
    tx.row<{ now: number }>(readClock),
  ]);
  const span = (unitId: string | null, near: DaySpan) =>
    dates === 'near' ? spanAround(near, unitId, policies) : wholeWeeks(near, unitId, policies);
  const known = asked.flatMap(({ employeeId, from, to }) => {
    const employee = employees.get(employeeId);
    if (!employee) return [];
    const own = span(employee.orgUnitId, { from, to });
    return [{ employee, span: own, before: longestRun(own, employee.orgUnitId, policies) }];
  });
  const ids = known.map(({ employee }) => employee.id);
  const low = known.map(({ employee: { zone }, span, before }) => zone.dayStart(span.from - before) - CONTEXT_BEFORE);
  const high = known.map(({ employee: { zone }, span }) => zone.dayStart(span.to + 1) + CONTEXT_AFTER);
  const first = known.map(({ span, before }) => formatDate(span.from - before - 2));
  const last = known.map(({ span }) => formatDate(span.to + 2));
  const bounds = [least(first), greatest(last)] as const;
  const [isClosed, punches, shifts, leave, holidays] = await Promise.all([
    closedDays(tx, ...bounds),
    tx.rows<TextRow>(readPunches, [tx.tenantId, ids, low, high]),
    tx.rows<TextRow>(readShifts, [tx.tenantId, ids, first, last]),
    tx.rows<LeaveRow>(readLeave, [tx.tenantId, ids, ...bounds]),
    tx.rows<HolidayRow>(readHolidays, [tx.tenantId, ...bounds]),
  ]);
  const punchesOf = textOf(punches);
  const shiftsOf = textOf(shifts);
  return {
    context: {
      now: now?.now ?? 0,
      policies,
      isClosed,
    },
    people: known.map(({ employee, span }) => ({
      employee,
      span,
      punches: rowsIn(punchesOf.get(employee.id)).map(punchOf),
      shifts: rowsIn(shiftsOf.get(employee.id)).map(shiftOf),
      leave: leave.length === 0 ? [] : leave.filter((row) => row.employee_id === employee.id).map(leaveOf),
      holidays: holidaysFor(holidays, employee.orgUnitId),
    })),
  };
}

const least = (dates: readonly string[]) => dates.reduce((a, b) => (b < a ? b : a), '9999-12-31');
const greatest = (dates: readonly string[]) => dates.reduce((a, b) => (b > a ? b : a), '0001-01-01');
const textOf = (rows: readonly TextRow[]) => new Map(rows.map(({ id, rows: text }) => [id, text]));
const rowsIn = (text: string | undefined) => (text === undefined ? [] : text.split(';'));

function punchOf(row: string): PunchEvent {
  const [at = '', type = '', seq = '', id = '', status = '', supersededBy = '', replaces = ''] = row.split(',');
  const punch = { id, at: Number(at), type: type as PunchType, seq: Number(seq) };
  if (status === 'superseded' || status === 'deleted') return { ...punch, supersededBy: supersededBy || 'removed' };
  return replaces === '' ? punch : { ...punch, supersedes: replaces };
}

function shiftOf(row: string): ShiftInstance {
  const [id = '', day = '', windowStart = '', windowEnd = '', pause = '', late = '', early = '', review = '', ...rest] =
    row.split(',');
  const [localStart = '', localEnd = '', bounds = ''] = rest;
  const instants = bounds.split(' ').map(Number);
  const segments: Interval[] = [];
  for (let index = 0; index + 1 < instants.length; index += 2) {
    segments.push({ start: instants[index] ?? 0, end: instants[index + 1] ?? 0 });
  }
  return {
    id,
    day: Number(day),
    segments,
    start: segments[0]?.start ?? 0,
    end: segments.at(-1)?.end ?? 0,
    windowStart: Number(windowStart),
    windowEnd: Number(windowEnd),
    localStart,
    localEnd,
    breakSeconds: Number(pause),
    lateGraceSeconds: late === '' ? null : Number(late),
    earlyGraceSeconds: early === '' ? null : Number(early),
    review: review === 'START_IN_GAP' || review === 'END_IN_GAP' ? review : null,
  };
}

function leaveOf({ day, code, starts, ends }: LeaveRow): LeaveEntry {
  return { day, code, hours: starts === null || ends === null ? null : { start: starts, end: ends } };
}

/** Of two on one date, that of the person's own unit. */
function holidaysFor(rows: readonly HolidayRow[], unitId: string | null): HolidayDate[] {
  const own = rows.filter((row) => row.org_unit_id !== null && row.org_unit_id === unitId);
  const general = rows.filter((row) => row.org_unit_id === null && !own.some((each) => each.day === row.day));
  return [...own, ...general].sort((a, b) => a.day - b.day).map(({ day, name }) => ({ day, name }));
}

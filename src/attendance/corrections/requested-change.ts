import type { Transaction } from '../../database/transaction';
import { Problem } from '../../http/problems/problem';
import { refuseClosedDates } from '../punches/closed-dates';
import { FUTURE_TOLERANCE_MS } from '../punches/decide';
import type { Punch } from '../punches/punch';
import type { PunchesRepository } from '../punches/punches.repository';
import { notActive } from '../punches/punches.service';
import { type Employee, mustBeEmployedOn } from '../people/employee';
import { hasPunched } from './applying';
import type { PunchState } from './correction';
import type { NewCorrection } from './correction.schemas';
import { inFuture, nothingChanges, punchedAlready, unknownPunch } from './errors';

/** What a request means: the punch as it is, and as it should be. */
interface RequestedChange {
  readonly punch: Punch | undefined;
  readonly before: PunchState | undefined;
  readonly after: PunchState | undefined;
}

/**
 * Reads what is asked for off the body, and refuses at once what could never be approved: a punch of somebody else or one that
 * no longer counts, a time to come or out of employment, a date in a closed pay period.
 */
export async function requestedChange(
  tx: Transaction,
  punches: PunchesRepository,
  employee: Employee,
  body: NewCorrection,
): Promise<RequestedChange> {
  const punch = body.punchId === undefined ? undefined : await punchOfEmployee(tx, punches, employee, body.punchId);
  const before = punch && stateOf(punch.type, punch.occurredAt);
  const after = body.kind === 'removed_punch' ? undefined : changed(before, body);
  if (body.timestamp !== undefined) mustBePossible(employee, new Date(body.timestamp));
  if (before && after && before.type === after.type && before.occurredAt === after.occurredAt) throw nothingChanges();
  await refuseClosedDates(tx, employee.id, [
    ...(punch ? [{ at: punch.occurredAt, pointer: '/punchId' }] : []),
    ...(body.timestamp === undefined ? [] : [{ at: new Date(body.timestamp), pointer: '/timestamp' }]),
  ]);
  if (!before && after && (await hasPunched(tx, employee.id, after))) throw punchedAlready(after.type);
  return { punch, before, after };
}

async function punchOfEmployee(
  tx: Transaction,
  punches: PunchesRepository,
  employee: Employee,
  id: string,
): Promise<Punch> {
  const punch = await punches.find(tx, tx.tenantId, id);
  if (punch?.employeeId !== employee.id) throw unknownPunch();
  if (punch.status === 'active') return punch;
  const { code, detail, extras } = notActive(punch);
  throw new Problem(code, detail, { ...extras, errors: [{ pointer: '/punchId', code, detail }] });
}

/** The punch with what the body says in place of what it says itself. */
function changed(before: PunchState | undefined, { type, timestamp }: NewCorrection): PunchState | undefined {
  const [what, at] = [type ?? before?.type, timestamp ?? before?.occurredAt];
  return what === undefined || at === undefined ? undefined : stateOf(what, new Date(at));
}

function mustBePossible(employee: Employee, at: Date): void {
  if (at.getTime() - Date.now() > FUTURE_TOLERANCE_MS) throw inFuture();
  mustBeEmployedOn(employee, employee.zone.dayOf(Math.floor(at.getTime() / 1000)), '/timestamp');
}

const stateOf = (type: PunchState['type'], at: Date): PunchState => ({ type, occurredAt: at.toISOString() });

import type { AuditEntry } from '../../audit/ledger/entry';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { refuseClosedDates } from '../punches/closed-dates';
import type { Punch } from '../punches/punch';
import { punchColumns, punchOf, type PunchRow } from '../punches/punch-row';
import type { PunchesRepository } from '../punches/punches.repository';
import type { Correction, PunchState } from './correction';
import { punchChanged, punchedAlready } from './errors';

/** What an approval did to the punches: the one that counts since (or was removed), and its entry in the ledger. */
interface Applied {
  readonly punchId: string;
  readonly entry: AuditEntry;
}

// Recording locks the same row, so corrections and punches of an employee take turns.
const lockEmployee = statement(
  'corrections.lock_employee',
  'SELECT FROM users u WHERE u.tenant_id = $1 AND u.id = $2 FOR NO KEY UPDATE',
);
const identical = `SELECT FROM punches p WHERE p.tenant_id = $1 AND p.employee_id = $2::uuid AND p.status = 'active'
  AND p.occurred_at = $4::timestamptz AND p.type = $3::text`;
const isThere = statement('corrections.is_there', `SELECT EXISTS (${identical}) AS there`);
const insertMissing = statement(
  'corrections.insert_missing',
  `INSERT INTO punches (tenant_id, id, employee_id, type, occurred_at, received_at, skew_ms, source, flags, reason, created_by)
   SELECT $1, new_id(), $2::uuid, $3::text, $4::timestamptz, now(), (extract(epoch FROM now() - $4::timestamptz) * 1000)::bigint,
     'admin', '{}', $5::text, $6::uuid
   WHERE NOT EXISTS (${identical})
   RETURNING ${punchColumns}`,
);

/** Whether the employee has punched this, at this very instant, already. */
export async function hasPunched(
  tx: Transaction,
  employeeId: string,
  { type, occurredAt }: PunchState,
): Promise<boolean> {
  const row = await tx.row<{ there: boolean }>(isThere, [tx.tenantId, employeeId, type, occurredAt]);
  return row?.there === true;
}

/**
 * Applies what was asked for as new facts that point at the old ones, in the transaction of the approval. Refuses, with nothing
 * applied, when the punch has changed since, or one of the dates was closed since.
 */
export function apply(
  tx: Transaction,
  punches: PunchesRepository,
  correction: Correction,
  by: string,
): Promise<Applied> {
  const { punchId, after } = correction;
  if (punchId === undefined && after) return add(tx, correction, after, by);
  if (punchId !== undefined && after) return replace(tx, punches, { ...correction, punchId, after }, by);
  if (punchId !== undefined) return remove(tx, punches, { ...correction, punchId });
  throw new Error('A correction says neither which punch is wrong nor which one is missing');
}

async function add(tx: Transaction, correction: Correction, after: PunchState, by: string): Promise<Applied> {
  const { employeeId, reason } = correction;
  await tx.run(lockEmployee, [tx.tenantId, employeeId]);
  await refuseClosedDates(tx, employeeId, [{ at: new Date(after.occurredAt) }]);
  const values = [tx.tenantId, employeeId, after.type, after.occurredAt, reason, by];
  const row = await tx.row<PunchRow>(insertMissing, values);
  if (!row) throw punchedAlready(after.type);
  const punch = punchOf(row);
  return {
    punchId: punch.id,
    entry: { ...aboutPunch(punch), action: 'create', after: { ...known(punch), reason } },
  };
}

async function replace(
  tx: Transaction,
  punches: PunchesRepository,
  correction: Correction & { readonly punchId: string; readonly after: PunchState },
  by: string,
): Promise<Applied> {
  const { after: requested, punchId: id, reason } = correction;
  const occurredAt = new Date(requested.occurredAt);
  const before = await unchanged(tx, punches, correction);
  await refuseClosedDates(tx, before.employeeId, [{ at: before.occurredAt }, { at: occurredAt }]);
  const offsetMinutes = before.deviceOffsetMinutes ?? null;
  const corrected = { id, type: requested.type, occurredAt, offsetMinutes, reason, by };
  const after = await punches.insertCorrection(tx, tx.tenantId, corrected);
  await punches.deactivate(tx, tx.tenantId, id, 'superseded', reason, after.id);
  return {
    punchId: after.id,
    entry: {
      ...aboutPunch(before),
      action: 'update',
      before: known(before),
      after: { ...known(after), status: 'superseded', supersededBy: after.id, reason },
    },
  };
}

async function remove(
  tx: Transaction,
  punches: PunchesRepository,
  correction: Correction & { readonly punchId: string },
): Promise<Applied> {
  const { punchId: id, reason } = correction;
  const before = await unchanged(tx, punches, correction);
  await refuseClosedDates(tx, before.employeeId, [{ at: before.occurredAt }]);
  await punches.deactivate(tx, tx.tenantId, id, 'deleted', reason);
  return {
    punchId: id,
    entry: {
      ...aboutPunch(before),
      action: 'delete',
      before: known(before),
      after: { status: 'deleted', reason },
    },
  };
}

/** The punch, locked together with its employee; it must be the one that the request was about. */
async function unchanged(
  tx: Transaction,
  punches: PunchesRepository,
  { punchId, punchVersion }: Correction & { readonly punchId: string },
): Promise<Punch> {
  const punch = await punches.lock(tx, tx.tenantId, punchId);
  if (!punch) throw new Error('The punch of a correction has disappeared');
  if (punch.status !== 'active' || punch.version !== punchVersion) throw punchChanged(punch);
  return punch;
}

const known = ({ type, occurredAt, status }: Punch) => ({ type, occurredAt, status });
const aboutPunch = ({ id, employeeId }: Punch) => ({ entity: 'punch', entityId: id, punchId: id, employeeId }) as const;

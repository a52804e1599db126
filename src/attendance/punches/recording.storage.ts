import type { Evidence } from '../../audit/ledger';
import type { AuditEntry } from '../../audit/entry';
import type { Transaction } from '../../database/transaction';
import { evidenceIn } from '../../writes/write';
import type { Decision } from './decide';
import { dedupeKeyOf, type Punch } from './punch';
import type { Recording } from './recording';
import { insertPunches } from './recording.statements';

/** Sends the punches that were created; does not wait, the transaction reports a failure. */
export function storePunches(
  tx: Transaction,
  recordings: readonly Recording[],
  decisions: readonly (readonly Decision[])[],
): void {
  const rows = recordings.flatMap(({ context }, index) =>
    createdBy(decisions[index]).map((punch) => columnsOf(context.tenantId, punch)),
  );
  if (rows.length === 0) return;
  const columns = (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]));
  tx.run(insertPunches, columns).catch(() => undefined);
}

/** One entry for each punch created, under the request that told it. */
export function evidenceOf(recordings: readonly Recording[], decisions: readonly (readonly Decision[])[]): Evidence[] {
  return recordings.flatMap(({ context }, index) => {
    const entries = createdBy(decisions[index]).map(entryOf);
    if (entries.length === 0) return [];
    return [evidenceIn(context, entries)];
  });
}

function createdBy(decisions: readonly Decision[] | undefined): Punch[] {
  return (decisions ?? []).flatMap((decision) => (decision.kind === 'created' ? [decision.punch] : []));
}

function entryOf(punch: Punch): AuditEntry {
  const { id, status, createdBy: _by, version: _version, ...told } = punch;
  const after = status === 'active' ? told : { ...told, status };
  return { entity: 'punch', action: 'create', entityId: id, punchId: id, employeeId: punch.employeeId, after };
}

/** In the order of the statement's parameters. */
function columnsOf(tenantId: string, punch: Punch): unknown[] {
  return [
    tenantId,
    punch.id,
    punch.employeeId,
    punch.type,
    punch.occurredAt.toISOString(),
    punch.receivedAt.toISOString(),
    punch.deviceOffsetMinutes ?? null,
    punch.skewMs,
    punch.source,
    punch.deviceId ?? null,
    punch.shiftId ?? null,
    punch.latitude ?? null,
    punch.longitude ?? null,
    punch.clientPunchId ?? null,
    dedupeKeyOf(punch) ?? null,
    punch.flags.join(','),
    punch.createdBy,
    punch.status,
  ];
}

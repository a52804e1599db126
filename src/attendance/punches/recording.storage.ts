import type { AuditBatch } from '../../audit/ledger/ledger';
import type { AuditEntry } from '../../audit/ledger/entry';
import type { Transaction } from '../../database/transaction';
import { auditBatchOf } from '../../writes/write';
import type { PunchDecision } from './decide';
import { dedupeKeyOf, type Punch } from './punch';
import type { Recording } from './recording';
import { insertPunches } from './recording.statements';

/** Sends the punches that were created; does not wait, the transaction reports a failure. */
export function storePunches(
  tx: Transaction,
  recordings: readonly Recording[],
  decisions: readonly (readonly PunchDecision[])[],
): void {
  const rows = recordings.flatMap(({ context }, index) =>
    createdBy(decisions[index]).map((punch) => columnsOf(context.tenantId, punch)),
  );
  if (rows.length === 0) return;
  const columns = (rows[0] ?? []).map((_, column) => rows.map((row) => row[column]));
  tx.run(insertPunches, columns).catch(() => undefined);
}

/** One entry for each punch created, under the request that reported it. */
export function auditBatchesOf(
  recordings: readonly Recording[],
  decisions: readonly (readonly PunchDecision[])[],
): AuditBatch[] {
  return recordings.flatMap(({ context }, index) => {
    const entries = createdBy(decisions[index]).map(entryOf);
    if (entries.length === 0) return [];
    return [auditBatchOf(context, entries)];
  });
}

function createdBy(decisions: readonly PunchDecision[] | undefined): Punch[] {
  return (decisions ?? []).flatMap((decision) => (decision.kind === 'created' ? [decision.punch] : []));
}

function entryOf(punch: Punch): AuditEntry {
  const { id, status, createdBy: _by, version: _version, ...recorded } = punch;
  const after = status === 'active' ? recorded : { ...recorded, status };
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
    punch.accuracyMeters ?? null,
    punch.clientPunchId ?? null,
    dedupeKeyOf(punch) ?? null,
    punch.flags.join(','),
    punch.createdBy,
    punch.status,
  ];
}

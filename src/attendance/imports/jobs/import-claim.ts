import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Ledger } from '../../../audit/ledger/ledger';
import { statement } from '../../../database/statement';
import type { Transaction } from '../../../database/transaction';
import type { BatchRow } from '../batches/import-batch';

/** Renewed while the process lives, also while it reads; so long does a batch wait for somebody else after a kill. */
export const LEASE_MS = 15_000;

/** A batch that this process works on, as long as its token is the newest, and until it is told to stop. */
export interface Held {
  readonly tenantId: string;
  readonly id: string;
  readonly token: string;
  readonly stop: AbortSignal;
}

/** The batch has passed to another process, or was cancelled, or we are to stop: whatever this one still wanted to write is refused. */
export class NotOurs extends Error {}

// A chunk that a crash of the database takes back is done again, for its progress is taken back with it. So nobody waits until it is
// on the disk, and no punch of the same moment waits behind it; the transaction that ends the batch waits for all of them.
const unhurried = statement('imports.unhurried', "SELECT set_config('synchronous_commit', 'off', true)");

export function unhurriedly(tx: Transaction): void {
  tx.run(unhurried).catch(() => undefined);
}

/** Lets punches of the same moment find the database free. */
export async function rest(ms: number, stop: AbortSignal): Promise<void> {
  if (ms >= 1) await pause(ms, undefined, { signal: stop }).catch(() => undefined);
}

/** What became of a batch that nobody waits for: evidence in the name of whoever committed it. Sent, not awaited. */
export function witness(ledger: Ledger, tx: Transaction, batch: BatchRow, after: Record<string, unknown>): void {
  const by = {
    tenantId: tx.tenantId,
    userId: batch.created_by,
    requestId: `import-worker@${hostname()}`,
    ip: '127.0.0.1',
  };
  const entry = { entity: 'import_batch', action: 'update', entityId: batch.id, after } as const;
  ledger.append(tx, [{ ...by, entries: [entry] }]).catch(() => undefined);
}

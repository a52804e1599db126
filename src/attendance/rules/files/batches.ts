/** What one batch did to one record: what stood there before, and what it wrote. */
interface BatchWrite {
  readonly key: string;
  readonly before: string | null;
  readonly after: string;
}

interface Batch {
  readonly id: string;
  readonly writes: readonly BatchWrite[];
  readonly state: 'committed' | 'rolled_back';
}

/** Records by key (employee and date, say) with the batches that wrote them, oldest first. */
export interface BatchLedger {
  readonly records: ReadonlyMap<string, string>;
  readonly batches: readonly Batch[];
}

export const EMPTY_LEDGER: BatchLedger = { records: new Map(), batches: [] };

/** `skip` leaves a record that exists as it is; `override` replaces it and keeps the pre-image. */
export function commitBatch(
  ledger: BatchLedger,
  id: string,
  rows: ReadonlyMap<string, string>,
  mode: 'skip' | 'override',
): BatchLedger {
  const records = new Map(ledger.records);
  const writes: BatchWrite[] = [];
  for (const [key, after] of rows) {
    const before = records.get(key) ?? null;
    if (before !== null && mode === 'skip') continue;
    writes.push({ key, before, after });
    records.set(key, after);
  }
  return { records, batches: [...ledger.batches, { id, writes, state: 'committed' }] };
}

export type RollbackOutcome =
  | { readonly outcome: 'rolled_back'; readonly ledger: BatchLedger }
  | {
      readonly outcome: 'refused';
      readonly code: 'IMPORT_SUPERSEDED';
      readonly by: string;
      readonly ledger: BatchLedger;
    }
  | { readonly outcome: 'unchanged'; readonly ledger: BatchLedger };

/** Puts the pre-images back. Refused while a later batch stands on a record of this one: undo that first. */
export function rollbackBatch(ledger: BatchLedger, id: string): RollbackOutcome {
  const index = ledger.batches.findIndex((batch) => batch.id === id);
  const batch = ledger.batches[index];
  if (batch?.state !== 'committed') return { outcome: 'unchanged', ledger };
  const keys = new Set(batch.writes.map((write) => write.key));
  const standing = ledger.batches
    .slice(index + 1)
    .find((later) => later.state === 'committed' && later.writes.some((write) => keys.has(write.key)));
  if (standing) return { outcome: 'refused', code: 'IMPORT_SUPERSEDED', by: standing.id, ledger };
  const records = new Map(ledger.records);
  for (const { key, before } of batch.writes) {
    if (before === null) records.delete(key);
    else records.set(key, before);
  }
  const batches = ledger.batches.with(index, { ...batch, state: 'rolled_back' });
  return { outcome: 'rolled_back', ledger: { records, batches } };
}

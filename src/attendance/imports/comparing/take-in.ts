import type { Transaction } from '../../../database/transaction';
import { ingestDays } from './ingest-days';
import { overrideUnknown } from './ingest-overriding';
import { sum } from './day-judge';
import type { Manner } from './manner';
import { type Batch, ingest, type IngestCounts } from '../loading/ingest';
import type { RowFault } from '../loading/row-fault';
import type { PeopleIndex } from '../loading/people-index';
import type { Interpreted } from '../reading/draft';

/**
 * Takes a chunk of rows into the tenant in the manner of its import; with `batch` they are stored, in this transaction, without it only
 * counted. A job, a small file and a preview all go through here, so that they say the same.
 */
export async function takeIn(
  tx: Transaction,
  rows: readonly Interpreted[],
  people: PeopleIndex,
  manner: Manner,
  batch?: Batch,
): Promise<{ counts: IngestCounts; faults: readonly RowFault[] }> {
  if (manner.isPlain) return ingest(tx, rows, people, batch);
  tx.forceIndexPlans();
  await people.learn(tx, referencesOf(rows));
  if (manner.kind === 'days') return ingestDays(tx, rows, people, manner, batch);
  const { counts, faults, rest } = await overrideUnknown(tx, rows, people, batch);
  const plain = await ingest(tx, rest, people, batch);
  const all = [...faults, ...plain.faults].sort((a, b) => a.line - b.line);
  return { counts: sum(plain.counts, counts), faults: all };
}

function* referencesOf(rows: readonly Interpreted[]): Generator<string> {
  for (const row of rows) if (row.ok) yield row.employeeRef;
}

import type { Transaction } from '../../../database/transaction';
import { loadDays } from './load-days';
import { overrideUnknown } from './override-unknown';
import { sum } from './day-reconciler';
import type { ImportStrategy } from './import-strategy';
import { type Batch, loadPunches, type LoadCounts } from '../loading/load-punches';
import type { RowFault } from '../loading/row-fault';
import type { PeopleIndex } from '../loading/people-index';
import type { Interpreted } from '../reading/draft';

/**
 * Loads a chunk of rows by the strategy of its import. With `batch`, the rows are stored in this transaction; without it, they are only
 * counted. Jobs, small files and previews all come through here, so they agree.
 */
export async function loadChunk(
  tx: Transaction,
  rows: readonly Interpreted[],
  people: PeopleIndex,
  strategy: ImportStrategy,
  batch?: Batch,
): Promise<{ counts: LoadCounts; faults: readonly RowFault[] }> {
  if (strategy.isInsertOnly) return loadPunches(tx, rows, people, batch);
  tx.forceIndexPlans();
  await people.learn(tx, referencesOf(rows));
  if (strategy.kind === 'days') return loadDays(tx, rows, people, strategy, batch);
  const { counts, faults, remaining } = await overrideUnknown(tx, rows, people, batch);
  const plain = await loadPunches(tx, remaining, people, batch);
  const all = [...faults, ...plain.faults].sort((a, b) => a.line - b.line);
  return { counts: sum(plain.counts, counts), faults: all };
}

function* referencesOf(rows: readonly Interpreted[]): Generator<string> {
  for (const row of rows) if (row.ok) yield row.employeeRef;
}

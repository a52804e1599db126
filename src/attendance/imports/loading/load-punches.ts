import type { Transaction } from '../../../database/transaction';
import { closedDays, type IsClosed } from '../../closed-periods/closed-periods';
import { insertErrors, insertImported } from './loading.statements';
import { countNew } from './count-new';
import type { PeopleIndex } from './people-index';
import { type PlacedCounts, PunchColumns } from './punch-columns';
import type { Interpreted, ReadableRow } from '../reading/draft';
import { punchesDiffer, type RowFault, rowFault, type Wrong } from './row-fault';

/** What became of rows and punches. A row for a day may hold several punches; a row is rejected as a whole. */
export interface LoadCounts {
  readonly created: number;
  /** Rows that replaced existing punches; their own punches are counted nowhere else. */
  readonly updated: number;
  /** Duplicates. */
  readonly skipped: number;
  /** Rows that contradict existing punches, which were left as they are. */
  readonly conflicts: number;
  /** Rows. */
  readonly rejected: number;
  /** Of those created: they lie in a closed pay period, or are about whoever imports them, and wait for a decision. */
  readonly quarantined: number;
}

export const NO_COUNTS: LoadCounts = {
  created: 0,
  updated: 0,
  skipped: 0,
  conflicts: 0,
  rejected: 0,
  quarantined: 0,
};

/** The batch that rows are stored for, and whoever committed it. */
export interface Batch {
  readonly id: string;
  readonly by: string;
}

/**
 * Inserts the punches of interpreted rows as one set: of people that exist, on dates of their employment, without duplicates. With
 * `batch`, they are stored in this transaction; without it, they are only counted. The rules of recording hold: punches in closed pay
 * periods, and those of whoever imports them, go into quarantine. A trigger marks the days concerned.
 */
export async function loadPunches(
  tx: Transaction,
  rows: readonly Interpreted[],
  people: PeopleIndex,
  batch?: Batch,
): Promise<{ counts: LoadCounts; faults: readonly RowFault[] }> {
  tx.forceIndexPlans();
  const [isClosed] = await Promise.all([closedDays(tx), people.learn(tx, referencesOf(rows))]);
  const faults: RowFault[] = [];
  const placed = new PunchColumns();
  let rejected = 0;
  for (const row of rows) {
    const wrong = row.ok ? place(row, people, isClosed, placed) : row.errors;
    if (wrong.length === 0) continue;
    rejected += 1;
    for (const error of wrong) faults.push({ line: row.line, ...error });
  }
  if (placed.length === 0) return { counts: { ...NO_COUNTS, rejected }, faults };
  const known = placed.withoutUnknown();
  const { created, quarantined, conflicts } = batch ? await store(tx, known, batch) : await countNew(tx, known);
  faults.push(...punchesDiffer(conflicts ?? [], rows));
  const left = conflicts?.length ?? 0;
  const skipped = placed.length - created - left;
  return { counts: { created, updated: 0, skipped, conflicts: left, rejected, quarantined }, faults };
}

async function store(tx: Transaction, placed: PunchColumns, { id, by }: Batch): Promise<PlacedCounts> {
  const values = [tx.tenantId, ...placed.values(), by, id];
  const stored = await tx.row<PlacedCounts & Record<string, unknown>>(insertImported, values);
  return stored ?? { created: 0, quarantined: 0, conflicts: null };
}

/** Stores why rows were rejected; sent, not awaited. */
export function saveFaults(tx: Transaction, batchId: string, faults: readonly RowFault[]): void {
  if (faults.length === 0) return;
  let line = -1;
  let n = 0;
  const rows = faults.map((fault) => {
    n = fault.line === line ? n + 1 : 0;
    line = fault.line;
    return { l: line, n, c: fault.column, v: fault.value, k: fault.code, d: fault.detail };
  });
  tx.run(insertErrors, [tx.tenantId, batchId, JSON.stringify(rows)]).catch(() => undefined);
}

function* referencesOf(rows: readonly Interpreted[]): Generator<string> {
  for (const row of rows) if (row.ok) yield row.employeeRef;
}

/** Adds the punches of a row, all or none; answers what is wrong with it. */
function place(row: ReadableRow, people: PeopleIndex, isClosed: IsClosed, placed: PunchColumns): readonly Wrong[] {
  const person = people.get(row.employeeRef);
  const wrong = rowFault(row, people);
  if (!person || wrong.length > 0) return wrong;
  for (const punch of row.punches) {
    if (punch.at === null) continue;
    const waits = person.isImporter || isClosed(person.employee.zone.dayOf(punch.at));
    placed.add(row.line, person.id, punch, punch.at, waits ? 'quarantined' : 'active');
  }
  return wrong;
}

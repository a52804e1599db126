import type { Transaction } from '../../database/transaction';
import { formatDate, type DayNumber } from '../rules/time/calendar';
import { closedPeriods, countPunches, insertErrors, insertPunches, keepPeriods } from './ingest.statements';
import type { KnownPerson, PeopleIndex } from './people-index';
import type { DraftPunch, Interpreted } from './reading/draft';

/** A row that will not be stored, and why; `line` of the file. */
export interface RowFault {
  readonly line: number;
  readonly column: string;
  readonly value: string;
  readonly code: string;
  readonly detail: string;
}

/** What became of rows and punches. A row for a day may hold several punches; a row is rejected as a whole. */
export interface IngestCounts {
  readonly created: number;
  /** Told before: nothing new. */
  readonly skipped: number;
  /** Rows. */
  readonly rejected: number;
  /** Of those created: they lie in a closed pay period and wait for a decision. */
  readonly quarantined: number;
}

interface Placed {
  readonly line: number;
  readonly person: KnownPerson;
  readonly punch: DraftPunch & { readonly at: number };
  readonly status: 'active' | 'quarantined';
}

type IsClosed = (day: DayNumber) => boolean;

/**
 * Takes interpreted rows into the tenant, as sets: whoever is meant, on dates of their employment, not told before. With `batch` they are
 * stored, in this transaction; without it they are only counted. The rules of recording hold: facts of closed pay periods go into
 * quarantine, and the days of everybody concerned are marked by the database itself.
 */
export async function ingest(
  tx: Transaction,
  rows: readonly Interpreted[],
  people: PeopleIndex,
  batch?: { readonly id: string; readonly by: string },
): Promise<{ counts: IngestCounts; faults: readonly RowFault[] }> {
  tx.byIndex();
  tx.run(keepPeriods, [tx.tenantId]).catch(() => undefined);
  const periods = tx.rows<{ start: number; end: number }>(closedPeriods, [tx.tenantId]);
  await people.learn(tx, referencesOf(rows));
  const closed = await periods;
  const isClosed: IsClosed = (day) => closed.some(({ start, end }) => day >= start && day <= end);
  const faults: RowFault[] = [];
  const placed: Placed[] = [];
  let rejected = 0;
  for (const row of rows) {
    const found = row.ok ? placeRow(row, people, isClosed) : row.errors.map((error) => ({ line: row.line, ...error }));
    if (Array.isArray(found)) {
      rejected += 1;
      faults.push(...found);
    } else placed.push(...found.placed);
  }
  const values = columnsOf(tx.tenantId, placed);
  const statement = batch ? insertPunches : countPunches;
  const row =
    placed.length === 0
      ? undefined
      : await tx.row<{ created: number; quarantined: number }>(
          statement,
          batch ? [...values, batch.by, batch.id] : values,
        );
  const created = row?.created ?? 0;
  return {
    counts: { created, skipped: placed.length - created, rejected, quarantined: row?.quarantined ?? 0 },
    faults,
  };
}

/** Stores why rows were rejected; sent, not awaited. */
export function keepFaults(tx: Transaction, batchId: string, faults: readonly RowFault[]): void {
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

/** The punches of a row, or what is wrong with it. */
function placeRow(
  row: Interpreted & { readonly ok: true },
  people: PeopleIndex,
  isClosed: IsClosed,
): RowFault[] | { readonly placed: Placed[] } {
  const { line, employeeRef } = row;
  const person = people.get(employeeRef);
  if (!person) {
    const detail =
      'nobody in this tenant has this employee number or address; create the person, or correct the number';
    return [{ line, column: 'employee', value: employeeRef, code: 'unknown_person', detail }];
  }
  const placed: Placed[] = [];
  for (const punch of row.punches) {
    if (punch.at === null) continue;
    const day = person.employee.zone.dayOf(punch.at);
    if (day < person.hired || day > person.left) {
      const detail = 'the person was not employed on this date; correct the date, or the employment of the person';
      return [{ line, column: 'date', value: formatDate(day), code: 'outside_employment', detail }];
    }
    placed.push({ line, person, punch: { ...punch, at: punch.at }, status: isClosed(day) ? 'quarantined' : 'active' });
  }
  return { placed };
}

/** Arrays as texts: of these values only devices need quoting, and the driver's own encoding costs several times as much. */
function columnsOf(tenantId: string, placed: readonly Placed[]): unknown[] {
  const list = (values: Iterable<string | number>) => `{${[...values].join(',')}}`;
  return [
    tenantId,
    list(placed.map(({ line }) => line)),
    list(placed.map(({ person }) => person.id)),
    list(placed.map(({ punch }) => punch.type)),
    list(placed.map(({ punch }) => punch.at)),
    list(placed.map(({ punch }) => quoted(punch.deviceId))),
    list(placed.map(({ status }) => status)),
  ];
}

const quoted = (text: string | undefined) => (text === undefined ? 'NULL' : `"${text.replaceAll(/["\\]/g, '\\$&')}"`);

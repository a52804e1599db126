import type { Transaction } from '../../../database/transaction';
import type { RecordedType } from '../../punches/presence';
import type { Instant } from '../../rules/time/instant';
import type { KnownPunch } from './compare-day';
import { readKnown, readWaiting } from './comparing.statements';

/** A person, from an instant to an instant, both included. */
export interface PersonInterval {
  readonly employeeId: string;
  readonly from: Instant;
  readonly to: Instant;
  /** In part in a closed pay period, or about the importer: punches in quarantine count as recorded. */
  readonly mayWait?: boolean;
}

interface KnownRow extends Record<string, unknown> {
  id: string;
  employee_id: string;
  type: RecordedType;
  at: number;
  status: KnownPunch['status'];
  superseded_by: string | null;
  own: boolean;
  replaced: boolean;
}

/** The recorded punches of some intervals: by person, in order of time, each punch once. */
export class KnownPunches {
  private readonly people = new Map<string, readonly KnownPunch[]>();

  private constructor(rows: readonly KnownRow[]) {
    const people = new Map<string, Map<string, KnownPunch>>();
    for (const { employee_id: employeeId, superseded_by: supersededBy, ...row } of rows) {
      const punches = people.get(employeeId) ?? new Map<string, KnownPunch>();
      punches.set(row.id, { ...row, supersededBy });
      people.set(employeeId, punches);
    }
    for (const [id, punches] of people) {
      this.people.set(
        id,
        [...punches.values()].sort((a, b) => a.at - b.at),
      );
    }
  }

  static async read(
    tx: Transaction,
    intervals: readonly PersonInterval[],
    batchId: string | null,
  ): Promise<KnownPunches> {
    const united = merged(intervals);
    if (united.length === 0) return new KnownPunches([]);
    const values = [united.map((each) => each.employeeId), united.map(({ from }) => from), united.map(({ to }) => to)];
    const known = tx.rows<KnownRow>(readKnown, [tx.tenantId, ...values, batchId]);
    const waiting = await waitingIn(tx, united, batchId);
    return new KnownPunches([...(await known), ...waiting]);
  }

  /** From an instant to an instant, both included. */
  of(employeeId: string, from: Instant, to: Instant): readonly KnownPunch[] {
    const punches = this.people.get(employeeId) ?? [];
    return punches.slice(firstFrom(punches, from), firstFrom(punches, to + MOMENT));
  }
}

/** Instants are stored to the microsecond. */
const MOMENT = 1e-6;

/** Index of the first punch at or after an instant. */
function firstFrom(punches: readonly KnownPunch[], at: Instant): number {
  let [low, high] = [0, punches.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((punches[middle]?.at ?? Infinity) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function waitingIn(
  tx: Transaction,
  intervals: readonly PersonInterval[],
  batchId: string | null,
): Promise<KnownRow[]> {
  const waiting = intervals.filter(({ mayWait }) => mayWait);
  if (waiting.length === 0) return [];
  const people = [...new Set(waiting.map(({ employeeId }) => employeeId))];
  const from = waiting.reduce((least, each) => Math.min(least, each.from), Infinity);
  const to = waiting.reduce((most, each) => Math.max(most, each.to), -Infinity);
  return tx.rows<KnownRow>(readWaiting, [tx.tenantId, people, from, to, batchId]);
}

/** Merges overlapping intervals: those of consecutive days of a person overlap, and are read once. */
function merged(intervals: readonly PersonInterval[]): PersonInterval[] {
  const ordered = intervals.toSorted(
    (a, b) => (a.employeeId < b.employeeId ? -1 : Number(a.employeeId > b.employeeId)) || a.from - b.from,
  );
  const merged: PersonInterval[] = [];
  for (const next of ordered) {
    const last = merged.at(-1);
    if (last?.employeeId !== next.employeeId || next.from > last.to) merged.push(next);
    else {
      const mayWait = (last.mayWait ?? false) || (next.mayWait ?? false);
      merged[merged.length - 1] = { ...last, to: Math.max(last.to, next.to), mayWait };
    }
  }
  return merged;
}

import type { Transaction } from '../../../database/transaction';
import { type Batch, type IngestCounts, NO_COUNTS } from '../loading/ingest';
import type { KnownPerson, PeopleIndex } from '../loading/people-index';
import type { Interpreted } from '../reading/draft';
import { type RowFault, rowFault } from '../loading/row-fault';
import type { KnownPunch, ReportedPunch } from './compare-day';
import { untouchable } from './faults';
import { guarded } from './guarding';
import { KnownPunches } from './known-punches';
import { ImportPlan } from './plan';

interface Candidate {
  readonly row: Interpreted;
  readonly person: KnownPerson;
  readonly punch: ReportedPunch;
}

/**
 * Punches that say which way somebody went, where a punch stands that does not: they take its place. Answers the rows that are left for
 * the plain way, which skips what was told before.
 */
export async function overrideUnknown(
  tx: Transaction,
  rows: readonly Interpreted[],
  people: PeopleIndex,
  batch: Batch | undefined,
): Promise<{ counts: IngestCounts; faults: readonly RowFault[]; rest: readonly Interpreted[] }> {
  const candidates = candidatesIn(rows, people);
  const isClosed = await guarded(
    tx,
    candidates.map(({ person }) => person.id),
    batch,
  );
  const dayOf = ({ person, punch }: Candidate) => person.employee.zone.dayOf(punch.at);
  const stretches = candidates.map((each) => {
    const { at } = each.punch;
    return { employeeId: each.person.id, from: at, to: at, mayWait: each.person.isImporter || isClosed(dayOf(each)) };
  });
  const known = await KnownPunches.read(tx, stretches, batch?.id ?? null);
  const plan = new ImportPlan();
  const [done, gone] = [new Set<Interpreted>(), new Set<string>()];
  const faults: RowFault[] = [];
  for (const each of candidates) {
    const { row, person, punch } = each;
    const old = unknownAt(punch, known.of(person.id, punch.at, punch.at));
    if (!old || gone.has(old.id)) continue;
    done.add(row);
    const refusal = untouchable({ person, day: dayOf(each) }, [old], isClosed(dayOf(each)));
    if (refusal) faults.push({ line: row.line, ...refusal });
    else {
      gone.add(old.id);
      plan.replace(old.id, row.line, plan.create(person.id, punch, 'active').id);
    }
  }
  if (batch) await plan.store(tx, batch);
  const counts = { ...NO_COUNTS, updated: gone.size, rejected: faults.length };
  return { counts, faults, rest: rows.filter((row) => !done.has(row)) };
}

function candidatesIn(rows: readonly Interpreted[], people: PeopleIndex): Candidate[] {
  return rows.flatMap((row) => {
    if (!row.ok) return [];
    const person = people.get(row.employeeRef);
    const [punch] = row.punches;
    if (!person || !punch || punch.at === null || punch.type === 'unknown') return [];
    if (rowFault(row, people).length > 0) return [];
    return [{ row, person, punch: { ...punch, at: punch.at, line: row.line } }];
  });
}

/** The punch without a direction that this one is about: unless it has been told, with its direction, before. */
function unknownAt({ type }: ReportedPunch, known: readonly KnownPunch[]): KnownPunch | undefined {
  if (known.some((each) => each.type === type)) return undefined;
  return known.find((each) => each.type === 'unknown' && each.status !== 'superseded' && each.status !== 'deleted');
}

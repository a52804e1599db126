import type { Transaction } from '../../../database/transaction';
import { type Batch, type LoadCounts, NO_COUNTS } from '../loading/load-punches';
import type { KnownPerson, PeopleIndex } from '../loading/people-index';
import type { Interpreted } from '../reading/draft';
import { type RowFault, rowFault } from '../loading/row-fault';
import type { KnownPunch, ReportedPunch } from './compare-day';
import { overrideRefusal } from './faults';
import { lockInputs } from './lock-inputs';
import { KnownPunches } from './known-punches';
import { ImportPlan } from './plan';

interface Candidate {
  readonly row: Interpreted;
  readonly person: KnownPerson;
  readonly punch: ReportedPunch;
}

/**
 * A punch with a direction replaces an existing punch of type `unknown` at the same instant. Answers the remaining rows, which are
 * inserted as usual.
 */
export async function overrideUnknown(
  tx: Transaction,
  rows: readonly Interpreted[],
  people: PeopleIndex,
  batch: Batch | undefined,
): Promise<{ counts: LoadCounts; faults: readonly RowFault[]; remaining: readonly Interpreted[] }> {
  const candidates = candidatesIn(rows, people);
  const isClosed = await lockInputs(
    tx,
    candidates.map(({ person }) => person.id),
    batch,
  );
  const dayOf = ({ person, punch }: Candidate) => person.employee.zone.dayOf(punch.at);
  const intervals = candidates.map((each) => {
    const { at } = each.punch;
    return { employeeId: each.person.id, from: at, to: at, mayWait: each.person.isImporter || isClosed(dayOf(each)) };
  });
  const known = await KnownPunches.read(tx, intervals, batch?.id ?? null);
  const plan = new ImportPlan();
  const [done, replaced] = [new Set<Interpreted>(), new Set<string>()];
  const faults: RowFault[] = [];
  for (const each of candidates) {
    const { row, person, punch } = each;
    const old = unknownAt(punch, known.of(person.id, punch.at, punch.at));
    if (!old || replaced.has(old.id)) continue;
    done.add(row);
    const refusal = overrideRefusal({ person, day: dayOf(each) }, [old], isClosed(dayOf(each)));
    if (refusal) faults.push({ line: row.line, ...refusal });
    else {
      replaced.add(old.id);
      plan.replace(old.id, row.line, plan.create(person.id, punch, 'active').id);
    }
  }
  if (batch) await plan.store(tx, batch);
  const counts = { ...NO_COUNTS, updated: replaced.size, rejected: faults.length };
  return { counts, faults, remaining: rows.filter((row) => !done.has(row)) };
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

/** The punch of type `unknown` that this one replaces; none if a punch of the same direction exists already. */
function unknownAt({ type }: ReportedPunch, known: readonly KnownPunch[]): KnownPunch | undefined {
  if (known.some((each) => each.type === type)) return undefined;
  return known.find((each) => each.type === 'unknown' && each.status !== 'superseded' && each.status !== 'deleted');
}

import type { DayNumber } from '../../rules/time/calendar';
import type { KnownPerson, PeopleIndex } from '../loading/people-index';
import type { Interpreted } from '../reading/draft';
import { type RowFault, rowFault } from '../loading/row-fault';
import { keyOf, type ReportedPunch } from './compare-day';

/** All that the rows of a chunk tell of one person and one day. */
export interface ToldDay {
  readonly person: KnownPerson;
  readonly day: DayNumber;
  readonly lines: number[];
  readonly punches: ReportedPunch[];
}

/** The days that rows tell of, and what is wrong with the rows that tell of none. */
interface ToldDays {
  readonly days: readonly ToldDay[];
  /** By person: the keys of all punches that are told of them. */
  readonly keys: ReadonlyMap<string, ReadonlySet<string>>;
  readonly faults: RowFault[];
  readonly rejected: number;
}

/** Time trackers write a row for each stretch of work: rows of one person and day are one telling. */
export function toldDays(rows: readonly Interpreted[], people: PeopleIndex): ToldDays {
  const days = new Map<string, ToldDay>();
  const keys = new Map<string, Set<string>>();
  const faults: RowFault[] = [];
  let rejected = 0;
  for (const row of rows) {
    const person = row.ok ? people.get(row.employeeRef) : undefined;
    const wrong = row.ok ? rowFault(row, people) : row.errors;
    if (wrong.length > 0) {
      rejected += 1;
      for (const error of wrong) faults.push({ line: row.line, ...error });
    } else if (row.ok && person) gather(row, person, days, keys);
  }
  return { days: [...days.values()], keys, faults, rejected };
}

function gather(
  { line, punches }: Interpreted & { readonly ok: true },
  person: KnownPerson,
  days: Map<string, ToldDay>,
  keys: Map<string, Set<string>>,
): void {
  const told = punches.flatMap(({ type, at, deviceId }) =>
    at === null ? [] : [{ line, type, at, ...(deviceId === undefined ? {} : { deviceId }) }],
  );
  const [first] = told;
  if (!first) return;
  const day = person.employee.zone.dayOf(first.at);
  const key = `${person.id} ${day}`;
  const known = days.get(key) ?? { person, day, lines: [], punches: [] };
  known.lines.push(line);
  known.punches.push(...told);
  days.set(key, known);
  const ofPerson = keys.get(person.id) ?? new Set<string>();
  for (const { type, at } of told) ofPerson.add(keyOf(type, at));
  keys.set(person.id, ofPerson);
}

import type { DayNumber } from '../../rules/time/calendar';
import type { KnownPerson, PeopleIndex } from '../loading/people-index';
import type { Interpreted } from '../reading/draft';
import { type RowFault, rowFault } from '../loading/row-fault';
import { keyOf, type ReportedPunch } from './compare-day';

/** All that the rows of a chunk report of one person on one day. */
export interface ReportedDay {
  readonly person: KnownPerson;
  readonly day: DayNumber;
  readonly lines: number[];
  readonly punches: ReportedPunch[];
}

/** The days that rows report, and the faults of rows that report none. */
interface ReportedDays {
  readonly days: readonly ReportedDay[];
  /** By person: the keys of all reported punches. */
  readonly keys: ReadonlyMap<string, ReadonlySet<string>>;
  readonly faults: RowFault[];
  readonly rejected: number;
}

/** Groups rows by person and day: time trackers write a row for each interval of work. */
export function reportedDays(rows: readonly Interpreted[], people: PeopleIndex): ReportedDays {
  const days = new Map<string, ReportedDay>();
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
  days: Map<string, ReportedDay>,
  keys: Map<string, Set<string>>,
): void {
  const reported = punches.flatMap(({ type, at, deviceId }) =>
    at === null ? [] : [{ line, type, at, ...(deviceId === undefined ? {} : { deviceId }) }],
  );
  const [first] = reported;
  if (!first) return;
  const day = person.employee.zone.dayOf(first.at);
  const key = `${person.id} ${day}`;
  const known = days.get(key) ?? { person, day, lines: [], punches: [] };
  known.lines.push(line);
  known.punches.push(...reported);
  days.set(key, known);
  const ofPerson = keys.get(person.id) ?? new Set<string>();
  for (const { type, at } of reported) ofPerson.add(keyOf(type, at));
  keys.set(person.id, ofPerson);
}

import { formatDate } from '../../rules/time/calendar';
import { hasLostDigits } from '../../people/employee-number';
import type { PeopleIndex } from './people-index';
import type { Interpreted, ReadableRow } from '../reading/draft';

/** Why a row is not stored; `line` of the file. */
export interface RowFault {
  readonly line: number;
  readonly column: string;
  readonly value: string;
  readonly code: string;
  readonly detail: string;
}

/** A fault of a row, without its line. */
export interface Wrong {
  readonly column: string;
  readonly value: string;
  readonly code: string;
  readonly detail: string;
}

/** What to do about a row that contradicts existing punches. */
export const REMEDY = 'import with mode override to replace the existing punches, or take the row out of the file';

const NOTHING: readonly Wrong[] = [];

/** Why a readable row cannot be stored: its person is unknown or ambiguous, or was not employed on its date. */
export function rowFault({ employeeRef, punches }: ReadableRow, people: PeopleIndex): readonly Wrong[] {
  const person = people.get(employeeRef);
  if (!person && people.meansSeveral(employeeRef)) {
    const detail =
      'several people have this number with different zeros in front; write it as the person has it, in a column of texts';
    return [{ column: 'employee', value: employeeRef, code: 'ambiguous_person', detail }];
  }
  if (!person && hasLostDigits(employeeRef)) {
    const detail =
      'nobody has this number, and a spreadsheet has cut digits off it; write it whole, in a column of texts, and export it anew';
    return [{ column: 'employee', value: employeeRef, code: 'digits_lost', detail }];
  }
  if (!person) {
    const detail =
      'nobody in this tenant has this employee number or address; create the person, or correct the number';
    return [{ column: 'employee', value: employeeRef, code: 'unknown_person', detail }];
  }
  for (const { at } of punches) {
    const day = at === null ? undefined : person.employee.zone.dayOf(at);
    if (day === undefined || (day >= person.hired && day <= person.left)) continue;
    const detail = 'the person was not employed on this date; correct the date, or the employment of the person';
    return [{ column: 'date', value: formatDate(day), code: 'outside_employment', detail }];
  }
  return NOTHING;
}

/** In mode `skip`: rows with a direction, at an instant at which a punch without one exists. */
export function punchesDiffer(lines: readonly number[], rows: readonly Interpreted[]): RowFault[] {
  const wanted = new Set(lines);
  return rows.flatMap((row) => {
    if (!row.ok || !wanted.has(row.line)) return [];
    const value = row.punches[0]?.type ?? '';
    const detail = `a punch without a direction exists at this instant; ${REMEDY}`;
    return [{ line: row.line, column: 'type', value, code: 'punch_differs', detail }];
  });
}

import { formatDate } from '../../rules/time/calendar';
import { hasLostDigits } from '../../people/employee-number';
import type { PeopleIndex } from './people-index';
import type { Interpreted, ReadableRow } from '../reading/draft';

/** A row that will not be stored, and why; `line` of the file. */
export interface RowFault {
  readonly line: number;
  readonly column: string;
  readonly value: string;
  readonly code: string;
  readonly detail: string;
}

/** What is wrong with a row, but for its line. */
export interface Wrong {
  readonly column: string;
  readonly value: string;
  readonly code: string;
  readonly detail: string;
}

/** How a row is taken that contradicts what is on record. */
export const REMEDY = 'import with mode override to replace what stands, or take the row out of the file';

const NOTHING: readonly Wrong[] = [];

/** Why a row that was understood cannot be stored: nobody is meant by it, or nobody in particular, or nobody who was employed then. */
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

/** Punches with a direction where one without stands, in mode skip; by the lines that tell them. */
export function punchesDiffer(lines: readonly number[], rows: readonly Interpreted[]): RowFault[] {
  const wanted = new Set(lines);
  return rows.flatMap((row) => {
    if (!row.ok || !wanted.has(row.line)) return [];
    const value = row.punches[0]?.type ?? '';
    const detail = `at this instant stands a punch without a direction; ${REMEDY}`;
    return [{ line: row.line, column: 'type', value, code: 'punch_differs', detail }];
  });
}

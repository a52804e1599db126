import { formatDate } from '../rules/time/calendar';
import { hasLostDigits } from '../people/employee-number';
import type { PeopleIndex } from './people-index';
import type { ReadableRow } from './reading/draft';

/** What is wrong with a row, but for its line. */
export interface Wrong {
  readonly column: string;
  readonly value: string;
  readonly code: string;
  readonly detail: string;
}

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

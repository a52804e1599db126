import type { GenerateOptions } from './options';
import { employeeNumberOf } from './person-days';
import { emailOf } from './timers';

/** Somebody whom a generated file names, as `POST /api/users` takes people. */
export interface GeneratedPerson {
  readonly email: string;
  readonly name: string;
  readonly role: 'employee';
  readonly employeeNumber: string;
}

/** The people of a generated file: found by their number, and by their address where a tracker knows nothing else. */
export function* peopleOf(options: GenerateOptions): Generator<GeneratedPerson> {
  for (let person = 0; person < options.people; person += 1) {
    const employeeNumber = employeeNumberOf(options, person);
    yield { email: emailOf(employeeNumber), name: `Person ${employeeNumber}`, role: 'employee', employeeNumber };
  }
}

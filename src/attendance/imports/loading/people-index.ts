import type { Transaction } from '../../../database/transaction';
import { parseDate, type DayNumber } from '../../rules/time/calendar';
import { type Employee, findEmployees } from '../../people/employee';
import { spellingsOf, withoutZeros } from '../../people/employee-number';
import { findPeople } from './loading.statements';

interface PersonRow extends Record<string, unknown> {
  id: string;
  employee_number: string | null;
  email: string | null;
}

/** A person as a file needs them: employment dates as day numbers, open ends infinite. */
export interface KnownPerson {
  readonly id: string;
  readonly employee: Employee;
  readonly hired: DayNumber;
  readonly left: DayNumber;
  /** The file is theirs: what it says about them waits for somebody else's decision, and replaces nothing. */
  readonly isImporter: boolean;
}

/**
 * Who a file means by a number or an address. Asked in chunks and remembered for the file: it names ten thousand people a hundred
 * times each. Zeros in front are part of a number; where nobody has exactly this one, a number that differs in them alone will do if
 * there is but one, as for the PINs of terminals: spreadsheets take the zeros off.
 */
export class PeopleIndex {
  private readonly people = new Map<string, KnownPerson | 'unknown' | 'several'>();

  /** `importer` is the account that the file is taken in for. */
  constructor(private readonly importer: string) {}

  get(reference: string): KnownPerson | undefined {
    const found = this.people.get(reference);
    return typeof found === 'object' ? found : undefined;
  }

  /** Whether nobody has exactly this number, and more than one person has it with other zeros in front. */
  meansSeveral(reference: string): boolean {
    return this.people.get(reference) === 'several';
  }

  async learn(tx: Transaction, references: Iterable<string>): Promise<void> {
    const fresh = new Set<string>();
    for (const reference of references) if (!this.people.has(reference)) fresh.add(reference);
    if (fresh.size === 0) return;
    const unknown = [...fresh];
    const exact = await this.ask(tx, unknown);
    const left = unknown.filter((reference) => !exact.has(reference) && !exact.has(reference.toLowerCase()));
    const alike = grouped(
      await this.ask(
        tx,
        left.flatMap((reference) => spellingsOf(reference).slice(1)),
      ),
    );
    for (const reference of unknown) {
      const found = exact.get(reference) ?? exact.get(reference.toLowerCase());
      const [other, another] = found ? [found] : (alike.get(withoutZeros(reference)) ?? []);
      this.people.set(reference, another ? 'several' : other ? known(other, this.importer) : 'unknown');
    }
  }

  /** The people with these numbers or addresses, by each of the two. */
  private async ask(tx: Transaction, references: readonly string[]): Promise<Map<string, Employee>> {
    const found = new Map<string, Employee>();
    if (references.length === 0) return found;
    const addresses = references.filter((reference) => reference.includes('@')).map((each) => each.toLowerCase());
    const rows = await tx.rows<PersonRow>(findPeople, [tx.tenantId, references, addresses]);
    const ids = rows.map(({ id }) => id);
    const employees = await findEmployees(tx, tx.tenantId, ids);
    for (const { id, employee_number: number, email } of rows) {
      const employee = employees.get(id);
      if (employee && number !== null) found.set(number, employee);
      if (employee && email !== null) found.set(email, employee);
    }
    return found;
  }
}

/** People with a number, by that number without the zeros in front. */
function grouped(people: ReadonlyMap<string, Employee>): Map<string, Employee[]> {
  const groups = new Map<string, Employee[]>();
  for (const [reference, employee] of people) {
    const key = withoutZeros(reference);
    groups.set(key, [...(groups.get(key) ?? []), employee]);
  }
  return groups;
}

function known(employee: Employee, importer: string): KnownPerson {
  return {
    id: employee.id,
    employee,
    hired: employee.hiredOn === null ? -Infinity : parseDate(employee.hiredOn),
    left: employee.leftOn === null ? Infinity : parseDate(employee.leftOn),
    isImporter: employee.id === importer,
  };
}

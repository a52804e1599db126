import type { Transaction } from '../../database/transaction';
import { parseDate, type DayNumber } from '../rules/time/calendar';
import { type Employee, findEmployees } from '../staff/employee';
import { findPeople } from './ingest.statements';

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
}

/**
 * Who a file means by a number or an address. Asked in chunks and remembered for the file: it names ten thousand people a hundred
 * times each. Numbers are compared as written, leading zeros and all.
 */
export class PeopleIndex {
  private readonly people = new Map<string, KnownPerson | null>();

  get(reference: string): KnownPerson | undefined {
    return this.people.get(reference) ?? undefined;
  }

  async learn(tx: Transaction, references: Iterable<string>): Promise<void> {
    const fresh = new Set<string>();
    for (const reference of references) if (!this.people.has(reference)) fresh.add(reference);
    if (fresh.size === 0) return;
    const unknown = [...fresh];
    const addresses = unknown
      .filter((reference) => reference.includes('@'))
      .map((reference) => reference.toLowerCase());
    const rows = await tx.rows<PersonRow>(findPeople, [tx.tenantId, unknown, addresses]);
    const employees = await findEmployees(
      tx,
      tx.tenantId,
      rows.map(({ id }) => id),
    );
    const byReference = new Map<string, string>();
    for (const { id, employee_number: number, email } of rows) {
      if (number !== null) byReference.set(number, id);
      if (email !== null) byReference.set(email, id);
    }
    for (const reference of unknown) {
      const id = byReference.get(reference) ?? byReference.get(reference.toLowerCase());
      const employee = id === undefined ? undefined : employees.get(id);
      this.people.set(reference, employee ? known(employee) : null);
    }
  }
}

function known(employee: Employee): KnownPerson {
  return {
    id: employee.id,
    employee,
    hired: employee.hiredOn === null ? -Infinity : parseDate(employee.hiredOn),
    left: employee.leftOn === null ? Infinity : parseDate(employee.leftOn),
  };
}

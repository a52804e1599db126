import { Injectable } from '@nestjs/common';
import { Ledger } from '../../audit/ledger/ledger';
import { statement } from '../../database/statement';
import { UnitOfWork } from '../../database/unit-of-work';
import type { GenerateOptions } from './options';
import { type GeneratedPerson, peopleOf } from './persons';

const AT_ONCE = 500;
const insertPeople = statement(
  'generate.insert_people',
  `WITH person AS (
     INSERT INTO users (tenant_id, email, name, employee_number)
     SELECT $1, p.email, p.name, p.number FROM unnest($2::text[], $3::text[], $4::text[]) p (email, name, number)
     ON CONFLICT DO NOTHING RETURNING id, name, employee_number),
   role AS (INSERT INTO user_roles (tenant_id, user_id, role) SELECT $1, id, 'employee' FROM person)
   SELECT id, name, employee_number FROM person`,
);

interface PersonRow extends Record<string, unknown> {
  id: string;
  name: string;
  employee_number: string;
}

/** Makes the people of a generated file in a tenant, for trials and measurements. */
@Injectable()
export class GeneratedPeople {
  constructor(
    private readonly work: UnitOfWork,
    private readonly ledger: Ledger,
  ) {}

  /** Whoever is there already stays as they are. Answers how many were made. */
  async create(tenantId: string, options: GenerateOptions): Promise<number> {
    const people = [...peopleOf(options)];
    let made = 0;
    for (let from = 0; from < people.length; from += AT_ONCE) {
      made += await this.some(tenantId, people.slice(from, from + AT_ONCE));
    }
    return made;
  }

  /** Made by nobody on the network: the nil user, from this machine. */
  private some(tenantId: string, people: readonly GeneratedPerson[]): Promise<number> {
    const by = { userId: '00000000-0000-0000-0000-000000000000', requestId: 'generate', ip: '127.0.0.1' };
    const values = [people.map((each) => each.email), people.map((each) => each.name), people.map(numbered)];
    return this.work.write(tenantId, async (tx) => {
      const rows = await tx.rows<PersonRow>(insertPeople, [tenantId, ...values]);
      const entries = rows.map(({ id, name, employee_number: employeeNumber }) => {
        const after = { name, employeeNumber, role: 'employee' };
        return { entity: 'user', action: 'create', entityId: id, employeeId: id, after } as const;
      });
      if (entries.length > 0) this.ledger.append(tx, [{ tenantId, ...by, entries }]).catch(() => undefined);
      return rows.length;
    });
  }
}

const numbered = ({ employeeNumber }: GeneratedPerson) => employeeNumber;

import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { UnitOfWork } from '../../database/unit-of-work';
import { type User, userColumns, userOf } from '../users/user';
import { matches } from '../users/user-search';
import type { PeopleSearch, PeopleToResolve } from './role.schemas';

const search = statement(
  'users.search',
  `SELECT ${userColumns} FROM users u WHERE u.tenant_id = $1 AND ${matches('$2')} ORDER BY u.name, u.id LIMIT $3`,
);
// Two lookups by index: an OR over two lists would read the whole tenant.
const resolve = statement(
  'users.resolve',
  `SELECT ${userColumns} FROM users u WHERE u.tenant_id = $1 AND u.id IN (
     SELECT e.id FROM users e WHERE e.tenant_id = $1 AND e.email = ANY ($2::text[])
     UNION SELECT n.id FROM users n WHERE n.tenant_id = $1 AND n.employee_number = ANY ($3::text[]))
   ORDER BY u.name, u.id`,
);

/** Finds users for somebody who is about to give them roles: by a part of their name, or by lists of what they are known by. */
@Injectable()
export class UserFinder {
  constructor(private readonly work: UnitOfWork) {}

  async search(by: Principal, { q, limit }: PeopleSearch) {
    const rows = await this.work.read(by.tenantId, (tx) => tx.rows(search, [by.tenantId, q ?? null, limit]));
    return { data: rows.map((row) => summaryOf(userOf(row))) };
  }

  /** Whom addresses and employee numbers mean, by what they were called. */
  async idsOf(tx: Transaction, emails: readonly string[], employeeNumbers: readonly string[]) {
    const users = (await tx.rows(resolve, [tx.tenantId, emails, employeeNumbers])).map(userOf);
    return {
      emails: new Map(users.map(({ email, id }) => [email, id])),
      employeeNumbers: new Map(users.map(({ employeeNumber, id }) => [employeeNumber, id])),
    };
  }

  async resolve(by: Principal, { emails, employeeNumbers }: PeopleToResolve) {
    const rows = await this.work.read(by.tenantId, (tx) => tx.rows(resolve, [by.tenantId, emails, employeeNumbers]));
    const users = rows.map(userOf);
    const addresses = new Set(users.map(({ email }) => email));
    const numbers = new Set(users.map(({ employeeNumber }) => employeeNumber));
    const unknown = [
      ...emails.filter((one) => !addresses.has(one)),
      ...employeeNumbers.filter((one) => !numbers.has(one)),
    ];
    return { resolved: users.map(summaryOf), unknown: [...new Set(unknown)] };
  }
}

function summaryOf({ id, name, email, employeeNumber, status, roles }: User) {
  return { id, name, email, employeeNumber, status, roles };
}

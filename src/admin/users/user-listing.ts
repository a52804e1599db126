import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { UnitOfWork } from '../../database/unit-of-work';
import { Cursors } from '../../http/paging/cursor';
import { notFound } from '../../http/problems/problem';
import { reaches, reachOf } from './reach';
import { shown, type User } from './user';
import type { UserQuery } from './user.schemas';
import { UsersRepository } from './users.repository';

const beginning = '00000000-0000-0000-0000-000000000000';

/** Reads people: one by one, or page by page in the order in which they were created. */
@Injectable()
export class UserListing {
  constructor(
    private readonly work: UnitOfWork,
    private readonly users: UsersRepository,
    private readonly cursors: Cursors,
  ) {}

  /** The person, deactivated or not. Out of reach is 404, like somebody who never was. */
  async get(by: Principal, id: string): Promise<User> {
    const user = await this.work.read(by.tenantId, (tx) => this.users.find(tx, by.tenantId, id));
    if (!user || !reaches(by, user)) throw notFound('user');
    return user;
  }

  async page(by: Principal, { limit, cursor, ...filters }: UserQuery) {
    const scope = { tenantId: by.tenantId, route: 'users', filters: { ...filters, by: by.userId } };
    const after = cursor === undefined ? beginning : String(this.cursors.decode(scope, cursor)[0]);
    const reach = reachOf(by);
    if (reach.kind === 'self') return { data: [] };
    const found = await this.work.read(by.tenantId, (tx) =>
      this.users.page(tx, by.tenantId, {
        unitId: reach.kind === 'unit' ? reach.unitId : undefined,
        status: filters.status === 'all' ? undefined : filters.status,
        role: filters.role,
        q: filters.q,
        after,
        limit: limit + 1,
      }),
    );
    const data = found.slice(0, limit);
    const last = data.at(-1);
    const more = found.length > limit && last !== undefined;
    return { data: data.map(shown), ...(more ? { nextCursor: this.cursors.encode(scope, [last.id]) } : {}) };
  }
}

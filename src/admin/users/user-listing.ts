import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { UnitOfWork } from '../../database/unit-of-work';
import { byId, Cursors } from '../../http/paging/cursor';
import { notFound } from '../../http/problems/problem';
import { KnownRoles } from '../roles/known-roles';
import { toUserResponse } from './user';
import { mayRead, userScopeOf } from './user-scope';
import type { UserQuery } from './user.schemas';
import { UsersRepository } from './users.repository';

/** Reads users: one by one, or page by page in the order in which they were created. */
@Injectable()
export class UserListing {
  constructor(
    private readonly work: UnitOfWork,
    private readonly users: UsersRepository,
    private readonly roles: KnownRoles,
    private readonly cursors: Cursors,
  ) {}

  /** The user, deactivated or not. Out of scope is 404, like somebody who never was. */
  async get(by: Principal, id: string) {
    const user = await this.work.read(by.tenantId, (tx) => this.users.find(tx, by.tenantId, id));
    if (!user || !mayRead(by, user)) throw notFound('user');
    return toUserResponse(user);
  }

  async page(by: Principal, { limit, cursor, ...filters }: UserQuery) {
    if (filters.role !== undefined) await this.roles.one(by.tenantId, { name: filters.role, pointer: '?role' });
    const scope = { tenantId: by.tenantId, route: 'users', filters: { ...filters, by: by.userId } };
    const visible = userScopeOf(by);
    const { data, ...next } = await this.cursors.page(scope, { limit, cursor }, byId, async (bounds) => {
      if (visible.kind === 'own') return [];
      return this.work.read(by.tenantId, (tx) => this.users.page(tx, by.tenantId, visible, filters, bounds));
    });
    return { data: data.map(toUserResponse), ...next };
  }
}

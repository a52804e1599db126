import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { notFound } from '../../http/problems/problem';
import type { Write } from '../../writes/write';
import { Writes } from '../../writes/writes';
import { toUserResponse } from '../users/user';
import { UsersRepository } from '../users/users.repository';
import { mayGrant, namedRole } from './grants';
import { KnownRoles } from './known-roles';
import type { RoleChange } from './role.schemas';
import { entriesOf, RoleAssigner } from './role-assigner';
import type { RoleAction } from './role-assignments.repository';

/** Gives and takes the roles of one user. */
@Injectable()
export class RoleAssignmentsService {
  constructor(
    private readonly writes: Writes,
    private readonly roles: KnownRoles,
    private readonly assigner: RoleAssigner,
    private readonly users: UsersRepository,
  ) {}

  /** The user must exist; answers them as they are now. */
  async change(by: Principal, action: RoleAction, id: string, body: RoleChange): Promise<Write> {
    const named = namedRole(body);
    const role = await this.roles.one(by.tenantId, named);
    mayGrant(by, role, named.pointer, action === 'assign' ? [id] : []);
    return this.writes.change(async (tx) => {
      const { changed, unknownIds } = await this.assigner.change(tx, action, role.name, [id]);
      const user = unknownIds.length > 0 ? undefined : await this.users.find(tx, by.tenantId, id);
      if (!user) throw notFound('user');
      return {
        answer: { status: 200, body: toUserResponse(user), version: user.version },
        audit: entriesOf(changed, role.name, action),
        committed: this.assigner.forgetting(by.tenantId, changed),
      };
    });
  }
}

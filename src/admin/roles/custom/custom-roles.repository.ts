import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import { NamedRepository } from '../../../database/orm/named-repository';
import type { Transaction } from '../../../database/transaction';
import { Problem } from '../../../http/problems/problem';
import { CustomRole } from './custom-role.entity';

const nameTaken = () =>
  new Problem('conflict', 'A role has this name already. Choose another one, or change that role.', {
    errors: [{ pointer: '/name', code: 'conflict', detail: 'is taken' }],
  });
const held = () =>
  new Problem('conflict', 'People have this role. Take it from them first; GET /api/users?role=… lists them.');

/** The roles that a tenant has made itself. Trigger `roles_change_announced` tells other replicas of other permissions. */
@Injectable()
export class CustomRolesRepository extends NamedRepository<CustomRole> {
  constructor(@InjectRepository(CustomRole) roles: Repository<CustomRole>) {
    super(roles, 'role', { roles_name_unique: nameTaken, user_roles_custom_role_fkey: held });
  }

  /** Those of the names that are roles. */
  named(tx: Transaction, names: readonly string[]): Promise<CustomRole[]> {
    return this.bound(tx).findBy({ tenantId: tx.tenantId, name: In(names) });
  }
}

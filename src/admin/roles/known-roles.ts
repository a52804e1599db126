import { Injectable } from '@nestjs/common';
import { type Role, roleNames, templateNamed } from '../../auth/roles';
import { UnitOfWork } from '../../database/unit-of-work';
import { validationFailed } from '../../http/input/schema.pipe';
import { CustomRolesRepository } from './custom/custom-roles.repository';

/** A role as a request names it, and where. */
export interface NamedRole {
  readonly name: string;
  readonly pointer: string;
}

/** Looks up what roles hold: templates, which the server knows, and roles that a tenant made. */
@Injectable()
export class KnownRoles {
  constructor(
    private readonly work: UnitOfWork,
    private readonly custom: CustomRolesRepository,
  ) {}

  /** The roles in the order given; 400 naming those that are none. Only a role of the tenant's own costs a lookup. */
  async named(tenantId: string, asked: readonly NamedRole[]): Promise<Role[]> {
    const others = asked.map(({ name }) => name).filter((name) => !templateNamed(name));
    const found = others.length > 0 ? await this.work.read(tenantId, (tx) => this.custom.named(tx, others)) : [];
    const roles = asked.map(({ name }) => templateNamed(name) ?? found.find((role) => role.name === name));
    const faults = asked
      .filter((_, index) => !roles[index])
      .map(({ pointer }) => ({ pointer, code: 'invalid', detail }));
    if (faults.length > 0) throw validationFailed(faults);
    return roles.filter((role) => role !== undefined);
  }

  /** The only one. */
  async one(tenantId: string, asked: NamedRole): Promise<Role> {
    const [role] = await this.named(tenantId, [asked]);
    if (!role) throw new Error(`${asked.name} is neither a role nor refused`);
    return role;
  }
}

const detail = `is not a role; use one of ${roleNames.join(', ')}, or a role of the tenant (GET /api/attendance-admin/roles)`;

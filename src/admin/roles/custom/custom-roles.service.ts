import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../auth/principal';
import { PrincipalDirectory } from '../../../auth/principal-directory';
import { withoutNulls } from '../../../http/input/without-nulls';
import { byName } from '../../../http/paging/cursor';
import { EditedResourceService } from '../../../writes/edited-resource.service';
import type { Write } from '../../../writes/write';
import { mayGrant } from '../grants';
import type { CustomRole } from './custom-role.entity';
import type { CustomRolePatch, CustomRoleQuery, NewCustomRole } from './custom-role.schemas';
import { CustomRolesRepository } from './custom-roles.repository';

const toResponse = ({ id, name, title, description, permissions, version, createdAt, updatedAt }: CustomRole) =>
  withoutNulls({ id, name, title, description, permissions, version, createdAt, updatedAt });

/** The roles that a tenant makes itself. Whoever makes, changes or deletes one gives or takes all that is in it, so it has to be theirs to give. */
@Injectable()
export class CustomRolesService extends EditedResourceService<
  CustomRole,
  ReturnType<typeof toResponse>,
  NewCustomRole | CustomRolePatch,
  CustomRoleQuery
> {
  constructor(roles: CustomRolesRepository, directory: PrincipalDirectory) {
    super(roles, {
      entity: 'role',
      path: '/api/attendance-admin/roles',
      order: byName,
      valuesOf: (body) => body,
      toResponse,
      toAudit: ({ name, title, description, permissions }) => ({ name, title, description, permissions }),
      assertChangeable: ({ name, permissions }, by, body) => {
        mayGrant(by, { name, permissions }, '', []);
        const becomes = body.permissions ?? permissions;
        mayGrant(by, { name, permissions: becomes }, '/permissions', by.roles.includes(name) ? [by.userId] : []);
      },
      assertRemovable: ({ name, permissions }, by) => {
        mayGrant(by, { name, permissions }, '', []);
      },
      committed: (tenantId) => {
        directory.forgetTenant(tenantId);
      },
    });
  }

  override create(by: Principal, body: NewCustomRole): Write {
    mayGrant(by, body, '/permissions', []);
    return super.create(by, body);
  }
}

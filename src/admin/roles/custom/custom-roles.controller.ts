import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../../auth/access.decorators';
import type { Principal } from '../../../auth/principal';
import { idParam } from '../../../http/input/id.pipe';
import { Caller, IfMatch, ReadRoute, WriteRoute } from '../../../routing/routes';
import type { Write } from '../../../writes/write';
import {
  type CustomRolePatch,
  customRoleList,
  customRolePatch,
  type CustomRoleQuery,
  customRoleQuery,
  customRoleResource,
  type NewCustomRole,
  newCustomRole,
} from './custom-role.schemas';
import { CustomRolesService } from './custom-roles.service';

const roleId = idParam('role');

@ApiTags('administration')
@Controller('api/attendance-admin/roles')
@Allow('attendance:admin')
export class CustomRolesController {
  constructor(private readonly roles: CustomRolesService) {}

  @Get()
  @ReadRoute({
    summary: 'List the roles of the tenant',
    description: 'Those that it made itself, by name; templates are listed apart. Page on with `nextCursor`.',
    ok: customRoleList,
  })
  list(@Caller() by: Principal, @Query({ schema: customRoleQuery }) query: CustomRoleQuery) {
    return this.roles.list(by, query);
  }

  @Post()
  @WriteRoute('role', 'create', {
    summary: 'Make a role',
    description:
      'A bundle of permissions under a name, which is given and taken like a template. You need what you put into it; `attendance:payroll` any administrator may pass on. A name is taken once: 409.',
    created: customRoleResource,
  })
  create(@Caller() by: Principal, @Body({ schema: newCustomRole }) body: NewCustomRole): Write {
    return this.roles.create(by, body);
  }

  @Get(':id')
  @ReadRoute({ summary: 'Read a role', ok: customRoleResource, versioned: true })
  get(@Caller() by: Principal, @Param('id', roleId) id: string) {
    return this.roles.get(by, id);
  }

  @Patch(':id')
  @WriteRoute('role', 'update', {
    summary: 'Change a role',
    description:
      'Whoever has it may do from now on what it holds then. You need what it held and what it is to hold: you would give the one and take the other.',
    ok: customRoleResource,
  })
  update(
    @Caller() by: Principal,
    @Param('id', roleId) id: string,
    @Body({ schema: customRolePatch }) body: CustomRolePatch,
    @IfMatch() version?: number,
  ): Write {
    return this.roles.update(by, id, body, version);
  }

  @Delete(':id')
  @WriteRoute('role', 'delete', {
    summary: 'Delete a role',
    description: 'One that nobody has: 409 otherwise.',
    ok: customRoleResource,
  })
  remove(@Caller() by: Principal, @Param('id', roleId) id: string, @IfMatch() version?: number): Write {
    return this.roles.remove(by, id, version);
  }
}

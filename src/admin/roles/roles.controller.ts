import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Audited } from '../../audit/audited.decorator';
import { Allow } from '../../auth/access.decorators';
import { callerOf } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import type { Write } from '../../writes/write';
import { userResource } from '../users/user.schemas';
import { PeopleFinder } from './people-finder';
import { RoleAssignmentsService } from './role-assignments.service';
import { templatesFor } from './role-templates';
import {
  type BatchRoleChange,
  batchRoleChange,
  batchRoleResult,
  type PeopleSearch,
  peopleSearch,
  type PeopleToResolve,
  peopleToResolve,
  personSummaryList,
  resolvedPeople,
  type RoleChange,
  roleChange,
  roleTemplateList,
} from './role.schemas';

@ApiTags('administration')
@Controller('api/attendance-admin')
@Allow('attendance:admin')
export class RolesController {
  constructor(
    private readonly assignments: RoleAssignmentsService,
    private readonly people: PeopleFinder,
  ) {}

  @Get('role-templates')
  @ApiOperation({
    summary: 'List the role templates',
    description: 'A role is a bundle of permissions under a name that administrators know.',
  })
  @ApiOkResponse({ standardSchema: roleTemplateList })
  templates(@Req() request: FastifyRequest) {
    return { data: templatesFor(callerOf(request)) };
  }

  @Get('users/search')
  @ApiOperation({
    summary: 'Find people',
    description: 'By a part of their name, address or employee number; deactivated people are found as well.',
  })
  @ApiOkResponse({ standardSchema: personSummaryList })
  search(@Req() request: FastifyRequest, @Query({ schema: peopleSearch }) query: PeopleSearch) {
    return this.people.search(callerOf(request), query);
  }

  @Post('users/:id/roles/assign')
  @Audited('role_assignment', 'assign')
  @ApiOperation({
    summary: 'Give a person a role',
    description: 'Their other roles stay. Giving it twice changes nothing.',
  })
  @ApiOkResponse({ standardSchema: userResource, description: 'The person as they are now' })
  assign(
    @Req() request: FastifyRequest,
    @Param('id', idParam('user')) id: string,
    @Body({ schema: roleChange }) body: RoleChange,
  ): Write {
    return this.assignments.changeOne(callerOf(request), 'assign', id, body);
  }

  @Post('users/:id/roles/unassign')
  @Audited('role_assignment', 'unassign')
  @ApiOperation({
    summary: 'Take a role from a person',
    description: 'The last active administrator of a tenant stays: 409 `last_admin`.',
  })
  @ApiOkResponse({ standardSchema: userResource, description: 'The person as they are now' })
  unassign(
    @Req() request: FastifyRequest,
    @Param('id', idParam('user')) id: string,
    @Body({ schema: roleChange }) body: RoleChange,
  ): Write {
    return this.assignments.changeOne(callerOf(request), 'unassign', id, body);
  }

  @Post('users/batch/roles/assign')
  @Audited('role_assignment', 'assign')
  @ApiOperation({
    summary: 'Give up to 1,000 people a role',
    description:
      'One transaction, one entry in the ledger for each person changed. Ids that are nobody in this tenant are counted and change nothing.',
  })
  @ApiOkResponse({ standardSchema: batchRoleResult })
  assignMany(@Req() request: FastifyRequest, @Body({ schema: batchRoleChange }) body: BatchRoleChange): Write {
    return this.assignments.changeMany(callerOf(request), 'assign', body);
  }

  @Post('users/batch/roles/unassign')
  @Audited('role_assignment', 'unassign')
  @ApiOperation({
    summary: 'Take a role from up to 1,000 people',
    description:
      'As assigning. A batch that would leave the tenant without an administrator is refused whole: 409 `last_admin`.',
  })
  @ApiOkResponse({ standardSchema: batchRoleResult })
  unassignMany(@Req() request: FastifyRequest, @Body({ schema: batchRoleChange }) body: BatchRoleChange): Write {
    return this.assignments.changeMany(callerOf(request), 'unassign', body);
  }

  // A POST because a thousand addresses do not fit into a query, and addresses do not belong into one. It changes nothing, so
  // it takes no key and leaves no entry in the ledger; the request trail has it.
  @Post('users/batch/resolve')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Turn addresses and employee numbers into ids',
    description: 'Reads only: repeating it is always safe, an Idempotency-Key is ignored.',
  })
  @ApiOkResponse({ standardSchema: resolvedPeople })
  resolve(@Req() request: FastifyRequest, @Body({ schema: peopleToResolve }) body: PeopleToResolve) {
    return this.people.resolve(callerOf(request), body);
  }
}

import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../auth/access.decorators';
import type { Principal } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { Caller, ReadRoute, WriteRoute } from '../../routing/routes';
import type { Write } from '../../writes/write';
import { userResource } from '../users/user.schemas';
import { UserFinder } from './user-finder';
import { RoleBatchesService } from './role-batches.service';
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
  roleBatchList,
  type RoleBatchQuery,
  roleBatchQuery,
  type RoleChange,
  roleChange,
  roleTemplateList,
  undoneRoleBatch,
} from './role.schemas';

@ApiTags('administration')
@Controller('api/attendance-admin')
@Allow('attendance:admin')
export class RolesController {
  constructor(
    private readonly assignments: RoleAssignmentsService,
    private readonly batches: RoleBatchesService,
    private readonly finder: UserFinder,
  ) {}

  @Get('role-templates')
  @ReadRoute({
    summary: 'List the role templates',
    description: 'A role is a bundle of permissions under a name that administrators know.',
    ok: roleTemplateList,
  })
  templates(@Caller() by: Principal) {
    return { data: templatesFor(by) };
  }

  @Get('users/search')
  @ReadRoute({
    summary: 'Find people',
    description: 'By a part of their name, address or employee number; deactivated people are found as well.',
    ok: personSummaryList,
  })
  search(@Caller() by: Principal, @Query({ schema: peopleSearch }) query: PeopleSearch) {
    return this.finder.search(by, query);
  }

  @Post('users/:id/roles/assign')
  @WriteRoute('role_assignment', 'assign', {
    summary: 'Give a person a role',
    description: 'Their other roles stay. Giving it twice changes nothing.',
    ok: userResource,
    answer: 'The person as they are now',
  })
  assign(
    @Caller() by: Principal,
    @Param('id', idParam('user')) id: string,
    @Body({ schema: roleChange }) body: RoleChange,
  ): Promise<Write> {
    return this.assignments.change(by, 'assign', id, body);
  }

  @Post('users/:id/roles/unassign')
  @WriteRoute('role_assignment', 'unassign', {
    summary: 'Take a role from a person',
    description: 'The last active administrator of a tenant stays: 409 `last_admin`.',
    ok: userResource,
    answer: 'The person as they are now',
  })
  unassign(
    @Caller() by: Principal,
    @Param('id', idParam('user')) id: string,
    @Body({ schema: roleChange }) body: RoleChange,
  ): Promise<Write> {
    return this.assignments.change(by, 'unassign', id, body);
  }

  @Post('users/batch/roles/assign')
  @WriteRoute('role_assignment', 'assign', {
    summary: 'Give up to 5,000 people a role',
    description:
      'By ids, addresses or employee numbers. One transaction, one entry in the ledger for each person changed. Names that are nobody in this tenant are counted and change nothing. `dryRun` answers the same and changes nothing.',
    ok: batchRoleResult,
  })
  assignMany(@Caller() by: Principal, @Body({ schema: batchRoleChange }) body: BatchRoleChange): Promise<Write> {
    return this.batches.change(by, 'assign', body);
  }

  @Post('users/batch/roles/unassign')
  @WriteRoute('role_assignment', 'unassign', {
    summary: 'Take a role from up to 5,000 people',
    description:
      'As assigning. A batch that would leave the tenant without an administrator is refused whole: 409 `last_admin`.',
    ok: batchRoleResult,
  })
  unassignMany(@Caller() by: Principal, @Body({ schema: batchRoleChange }) body: BatchRoleChange): Promise<Write> {
    return this.batches.change(by, 'unassign', body);
  }

  @Get('role-batches')
  @ReadRoute({
    summary: 'List the batches of roles, the newest first',
    description: 'What each changed, and whether it was undone. Page on with `nextCursor`.',
    ok: roleBatchList,
  })
  listBatches(@Caller() by: Principal, @Query({ schema: roleBatchQuery }) query: RoleBatchQuery) {
    return this.batches.list(by, query);
  }

  @Post('role-batches/:id/undo')
  @WriteRoute('role_assignment', 'rollback', {
    summary: 'Undo a batch of roles',
    description:
      'Takes back what it gave, or gives back what it took. Whoever was given or denied the role by somebody else since then keeps that. ' +
      'Once: 409 `already_decided`. You need what giving or taking the role needs.',
    ok: undoneRoleBatch,
    answer: 'The batch, and how many people it was undone for',
  })
  undoBatch(@Caller() by: Principal, @Param('id', idParam('batch of roles')) id: string): Write {
    return this.batches.undo(by, id);
  }

  // A POST because a thousand addresses do not fit into a query, and addresses do not belong into one. It changes nothing, so
  // it takes no key and leaves no entry in the ledger; the request trail has it.
  @Post('users/batch/resolve')
  @HttpCode(200)
  @ReadRoute({
    summary: 'Turn addresses and employee numbers into ids',
    description: 'Reads only: repeating it is always safe, an Idempotency-Key is ignored.',
    ok: resolvedPeople,
  })
  resolve(@Caller() by: Principal, @Body({ schema: peopleToResolve }) body: PeopleToResolve) {
    return this.finder.resolve(by, body);
  }
}

import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Audited } from '../../audit/audited.decorator';
import { Allow, SignedIn } from '../../auth/access.decorators';
import { callerOf } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { expectedVersion } from '../../http/input/if-match';
import type { Write } from '../../writes/write';
import { shown } from './user';
import {
  type NewUser,
  newUser,
  userList,
  type UserPatch,
  userPatch,
  type UserQuery,
  userQuery,
  userResource,
} from './user.schemas';
import { UserListing } from './user-listing';
import { UsersService } from './users.service';

@ApiTags('users')
@Controller('api/users')
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly listing: UserListing,
  ) {}

  @Post()
  @Allow('attendance:admin', 'platform:admin')
  @Audited('user', 'create')
  @ApiOperation({
    summary: 'Create a person',
    description:
      'The `id` is their `employeeId` at once. You may give the roles that you hold yourself. Without a password they cannot sign in, and terminals can still punch for them. ' +
      'Operators create operators, administrators the people of their tenant.',
  })
  @ApiCreatedResponse({ standardSchema: userResource, description: 'Created' })
  create(@Req() request: FastifyRequest, @Body({ schema: newUser }) body: NewUser): Promise<Write> {
    return this.users.create(callerOf(request), body);
  }

  @Get()
  @Allow('attendance:approve', 'attendance:admin', 'platform:admin')
  @ApiOperation({
    summary: 'List people, in the order of their creation',
    description: 'Approvers see their org unit, administrators all. Page on with `nextCursor`.',
  })
  @ApiOkResponse({ standardSchema: userList })
  list(@Req() request: FastifyRequest, @Query({ schema: userQuery }) query: UserQuery) {
    return this.listing.page(callerOf(request), query);
  }

  @Get(':id')
  @SignedIn()
  @ApiOperation({
    summary: 'Read one person',
    description:
      'Everybody may read themselves; others are there for whoever may list them. Deactivated people stay readable.',
  })
  @ApiOkResponse({ standardSchema: userResource })
  async get(
    @Req() request: FastifyRequest,
    @Param('id', idParam('user')) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const user = await this.listing.get(callerOf(request), id);
    void reply.header('etag', `"${user.version}"`);
    return shown(user);
  }

  @Patch(':id')
  @Allow('attendance:admin', 'platform:admin')
  @Audited('user', 'update')
  @ApiOperation({
    summary: 'Change a person',
    description:
      'Only what is named changes; null empties a field. `status: "active"` brings a deactivated person back. A new role counts at once on this replica, and within seconds on the others. ' +
      'With `If-Match`, a change that somebody else made in the meantime is not overwritten: 412. The last active administrator of a tenant stays: 409 `last_admin`.',
  })
  @ApiOkResponse({ standardSchema: userResource, description: 'The person as they are now' })
  update(
    @Req() request: FastifyRequest,
    @Param('id', idParam('user')) id: string,
    @Body({ schema: userPatch }) body: UserPatch,
    @Headers('if-match') ifMatch?: string,
  ): Promise<Write> {
    return this.users.update(callerOf(request), id, body, expectedVersion(ifMatch));
  }

  @Delete(':id')
  @Allow('attendance:admin', 'platform:admin')
  @Audited('user', 'delete')
  @ApiOperation({
    summary: 'Deactivate a person',
    description:
      'They are refused from now on and every sign-in of theirs has ended; their punches and their evidence stay. PATCH `status: "active"` brings them back.',
  })
  @ApiOkResponse({ standardSchema: userResource, description: 'The person, deactivated' })
  remove(
    @Req() request: FastifyRequest,
    @Param('id', idParam('user')) id: string,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.users.deactivate(callerOf(request), id, expectedVersion(ifMatch));
  }
}

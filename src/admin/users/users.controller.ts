import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SignedIn } from '../../auth/access.decorators';
import type { Principal } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { Caller, IfMatch, ReadRoute, WriteRoute } from '../../routing/routes';
import type { Write } from '../../writes/write';
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
  @WriteRoute('user', 'create', {
    allow: ['attendance:admin', 'platform:admin'],
    summary: 'Create a person',
    description:
      'The `id` is their `employeeId` at once. You may give the roles that you hold yourself. Without a password they cannot sign in, and terminals can still punch for them. ' +
      'Operators create operators, administrators the people of their tenant.',
    created: userResource,
  })
  create(@Caller() by: Principal, @Body({ schema: newUser }) body: NewUser): Promise<Write> {
    return this.users.create(by, body);
  }

  @Get()
  @ReadRoute({
    allow: ['attendance:approve', 'attendance:admin', 'platform:admin'],
    summary: 'List people, in the order of their creation',
    description: 'Approvers see their org unit, administrators all. Page on with `nextCursor`.',
    ok: userList,
  })
  list(@Caller() by: Principal, @Query({ schema: userQuery }) query: UserQuery) {
    return this.listing.page(by, query);
  }

  @Get(':id')
  @SignedIn()
  @ReadRoute({
    summary: 'Read one person',
    description:
      'Everybody may read themselves; others are there for whoever may list them. Deactivated people stay readable.',
    ok: userResource,
    versioned: true,
  })
  get(@Caller() by: Principal, @Param('id', idParam('user')) id: string) {
    return this.listing.get(by, id);
  }

  @Patch(':id')
  @WriteRoute('user', 'update', {
    allow: ['attendance:admin', 'platform:admin'],
    summary: 'Change a person',
    description:
      'Only what is named changes; null empties a field. `status: "active"` brings a deactivated person back. A new role counts at once on this replica, and within seconds on the others. ' +
      'With `If-Match`, a change that somebody else made in the meantime is not overwritten: 412. The last active administrator of a tenant stays: 409 `last_admin`.',
    ok: userResource,
  })
  update(
    @Caller() by: Principal,
    @Param('id', idParam('user')) id: string,
    @Body({ schema: userPatch }) body: UserPatch,
    @IfMatch() version?: number,
  ): Promise<Write> {
    return this.users.update(by, id, body, version);
  }

  @Delete(':id')
  @WriteRoute('user', 'delete', {
    allow: ['attendance:admin', 'platform:admin'],
    summary: 'Deactivate a person',
    description:
      'They are refused from now on and every sign-in of theirs has ended; their punches and their evidence stay. PATCH `status: "active"` brings them back.',
    ok: userResource,
    answer: 'The person, deactivated',
  })
  remove(@Caller() by: Principal, @Param('id', idParam('user')) id: string, @IfMatch() version?: number): Write {
    return this.users.deactivate(by, id, version);
  }
}

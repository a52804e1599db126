import { Body, Controller, Delete, Get, Headers, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Audited } from '../../audit/audited.decorator';
import { Allow } from '../../auth/access.decorators';
import { callerOf } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { expectedVersion } from '../../http/input/if-match';
import type { Write } from '../../writes/write';
import {
  leaveList,
  leaveMade,
  type LeaveQuery,
  leaveQuery,
  leaveResource,
  type NewLeave,
  newLeave,
} from './leave.schemas';
import { LeaveService } from './leave.service';

@ApiTags('calendar')
@Controller('api/attendance/leave')
export class LeaveController {
  constructor(private readonly leave: LeaveService) {}

  @Get()
  @Allow('attendance:read')
  @ApiOperation({
    summary: 'List leave by date',
    description:
      'Employees see their own, approvers that of their org unit, administrators all. Page on with `nextCursor`.',
  })
  @ApiOkResponse({ standardSchema: leaveList })
  list(@Req() request: FastifyRequest, @Query({ schema: leaveQuery }) query: LeaveQuery) {
    return this.leave.page(callerOf(request), query);
  }

  @Post()
  @Allow('attendance:approve', 'attendance:admin')
  @Audited('leave', 'create')
  @ApiOperation({
    summary: 'Enter leave of a person',
    description:
      "One date, or `from` and `to` for an entry on each of up to 62 dates, all or none. Times are those of the person's own clock; one that the clock never shows on that date, " +
      'or shows twice, is refused (`local_time_nonexistent`, `local_time_ambiguous`). So is a date out of employment, in a closed pay period, or with leave at the same time already (`date_taken`). ' +
      'Nobody enters their own leave, administrators included: 403 `self_approval`.',
  })
  @ApiCreatedResponse({ standardSchema: leaveMade, description: 'The entries, by date' })
  create(@Req() request: FastifyRequest, @Body({ schema: newLeave }) body: NewLeave): Write {
    return this.leave.create(callerOf(request), body);
  }

  @Get(':id')
  @Allow('attendance:read')
  @ApiOperation({ summary: 'Read one entry of leave' })
  @ApiOkResponse({ standardSchema: leaveResource })
  async get(
    @Req() request: FastifyRequest,
    @Param('id', idParam('leave entry')) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const leave = await this.leave.get(callerOf(request), id);
    void reply.header('etag', `"${leave.version}"`);
    return leave;
  }

  @Delete(':id')
  @Allow('attendance:approve', 'attendance:admin')
  @Audited('leave', 'delete')
  @ApiOperation({
    summary: 'Delete an entry of leave',
    description:
      'To change one, delete it and enter it anew. Nobody deletes their own, administrators included: 403 `self_approval`.',
  })
  @ApiOkResponse({ standardSchema: leaveResource, description: 'What was deleted' })
  remove(
    @Req() request: FastifyRequest,
    @Param('id', idParam('leave entry')) id: string,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.leave.remove(callerOf(request), id, expectedVersion(ifMatch));
  }
}

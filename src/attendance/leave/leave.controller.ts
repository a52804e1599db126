import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { Caller, IfMatch, ReadRoute, WriteRoute } from '../../routing/routes';
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
  @ReadRoute({
    allow: ['attendance:read'],
    summary: 'List leave by date',
    description:
      'Employees see their own, approvers that of their org unit, administrators all. Page on with `nextCursor`.',
    ok: leaveList,
  })
  list(@Caller() by: Principal, @Query({ schema: leaveQuery }) query: LeaveQuery) {
    return this.leave.list(by, query);
  }

  @Post()
  @WriteRoute('leave', 'create', {
    openToKeys: true,
    allow: ['attendance:approve', 'attendance:admin'],
    summary: 'Enter leave of a person',
    description:
      "One date, or `from` and `to` for an entry on each of up to 62 dates, all or none. Times are those of the person's own clock; one that the clock never shows on that date, " +
      'or shows twice, is refused (`local_time_nonexistent`, `local_time_ambiguous`). So is a date out of employment, in a closed pay period, or with leave at the same time already (`date_taken`). ' +
      'Nobody enters their own leave, administrators included: 403 `self_approval`.',
    created: leaveMade,
    answer: 'The entries, by date',
  })
  create(@Caller() by: Principal, @Body({ schema: newLeave }) body: NewLeave): Write {
    return this.leave.create(by, body);
  }

  @Get(':id')
  @ReadRoute({
    allow: ['attendance:read'],
    summary: 'Read one entry of leave',
    ok: leaveResource,
    versioned: true,
  })
  get(@Caller() by: Principal, @Param('id', idParam('leave entry')) id: string) {
    return this.leave.get(by, id);
  }

  @Delete(':id')
  @WriteRoute('leave', 'delete', {
    openToKeys: true,
    allow: ['attendance:approve', 'attendance:admin'],
    summary: 'Delete an entry of leave',
    description:
      'To change one, delete it and enter it anew. Nobody deletes their own, administrators included: 403 `self_approval`.',
    ok: leaveResource,
  })
  remove(@Caller() by: Principal, @Param('id', idParam('leave entry')) id: string, @IfMatch() version?: number): Write {
    return this.leave.remove(by, id, version);
  }
}

import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Audited } from '../../audit/audited.decorator';
import { Allow } from '../../auth/access.decorators';
import { callerOf } from '../../auth/principal';
import { idParam } from '../../http/id.pipe';
import { expectedVersion } from '../../http/if-match';
import type { Write } from '../../writes/write';
import { type ScheduleBatch, scheduleBatch, scheduleBatchResult } from './batch.schemas';
import { shown } from './schedule';
import { ScheduleListing } from './schedule-listing';
import {
  type NewSchedule,
  newSchedule,
  type Publication,
  publication,
  publishedSchedule,
  scheduleList,
  type SchedulePatch,
  schedulePatch,
  type ScheduleQuery,
  scheduleQuery,
  scheduleResource,
  scheduleWithShifts,
} from './schedule.schemas';
import { SchedulesService } from './schedules.service';
import { shownShift } from './shift';

@ApiTags('schedules')
@Controller('api/schedules')
export class SchedulesController {
  constructor(
    private readonly schedules: SchedulesService,
    private readonly listing: ScheduleListing,
  ) {}

  @Post()
  @Allow('attendance:approve', 'attendance:admin')
  @Audited('schedule', 'create')
  @ApiOperation({
    summary: 'Plan for one person',
    description:
      'A draft, which counts for nothing until it is published. With `publish: true` it is checked and published at once. ' +
      'Weekly, or with `rotation` a pattern of any length. `shifts` can be sent along or added later.',
  })
  @ApiCreatedResponse({ standardSchema: scheduleResource, description: 'Created' })
  create(@Req() request: FastifyRequest, @Body({ schema: newSchedule }) body: NewSchedule): Write {
    return this.schedules.create(callerOf(request), body);
  }

  @Post('batch')
  @Allow('attendance:approve', 'attendance:admin')
  @Audited('schedule', 'create')
  @ApiOperation({
    summary: 'Plan the same for up to 1,000 people',
    description:
      'One transaction, one result for each person in the order sent. Each stands or falls alone: who is refused says why, and nothing of theirs is stored.',
  })
  @ApiOkResponse({ standardSchema: scheduleBatchResult })
  createBatch(@Req() request: FastifyRequest, @Body({ schema: scheduleBatch }) body: ScheduleBatch): Write {
    return this.schedules.createBatch(callerOf(request), body);
  }

  @Get()
  @Allow('attendance:read')
  @ApiOperation({
    summary: 'List schedules, newest first',
    description:
      'Employees see their own, approvers those of their org unit, administrators all. `from` and `to` find those that meet a span of dates. Deleted ones are listed with `status`.',
  })
  @ApiOkResponse({ standardSchema: scheduleList })
  list(@Req() request: FastifyRequest, @Query({ schema: scheduleQuery }) query: ScheduleQuery) {
    return this.listing.page(callerOf(request), query);
  }

  @Get(':id')
  @Allow('attendance:read')
  @ApiOperation({
    summary: 'Read one schedule with its shifts',
    description: 'Deleted and superseded ones stay readable.',
  })
  @ApiOkResponse({ standardSchema: scheduleWithShifts })
  async get(
    @Req() request: FastifyRequest,
    @Param('id', idParam('schedule')) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { schedule, shifts } = await this.listing.get(callerOf(request), id);
    void reply.header('etag', `"${schedule.version}"`);
    return { ...shown(schedule), shifts: shifts.map(shownShift) };
  }

  @Patch(':id')
  @Allow('attendance:approve', 'attendance:admin')
  @Audited('schedule', 'update')
  @ApiOperation({
    summary: 'Change name, dates or rotation',
    description:
      'Only what is named changes; null takes the end or the rotation away. A published schedule is checked again, and its shifts are given anew from today on, as far as they have not begun.',
  })
  @ApiOkResponse({ standardSchema: scheduleResource, description: 'The schedule as it is now' })
  update(
    @Req() request: FastifyRequest,
    @Param('id', idParam('schedule')) id: string,
    @Body({ schema: schedulePatch }) body: SchedulePatch,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.schedules.update(callerOf(request), id, body, expectedVersion(ifMatch));
  }

  @Delete(':id')
  @Allow('attendance:approve', 'attendance:admin')
  @Audited('schedule', 'delete')
  @ApiOperation({
    summary: 'Delete a schedule',
    description:
      'Its shifts from today on are gone as far as they have not begun; those of the past stay, and so does the schedule, to be read.',
  })
  @ApiOkResponse({ standardSchema: scheduleResource, description: 'What was deleted' })
  remove(
    @Req() request: FastifyRequest,
    @Param('id', idParam('schedule')) id: string,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.schedules.remove(callerOf(request), id, expectedVersion(ifMatch));
  }

  @Post(':id/publish')
  @Allow('attendance:approve', 'attendance:admin')
  @Audited('schedule', 'publish')
  @ApiOperation({
    summary: 'Publish a schedule',
    description:
      'Checks its shifts together with all others of the person, names every fault at once (overlap, too little rest, a time that the clock jumps over), and gives the shifts their instants for 120 days. ' +
      'With `replace: true` other published schedules give way: they end the day before, or are superseded. Publishing again is harmless. A start in the past gives past dates shifts too, but for closed pay periods: see `skippedClosedDays`.',
  })
  @ApiOkResponse({ standardSchema: publishedSchedule, description: 'Published' })
  publish(
    @Req() request: FastifyRequest,
    @Param('id', idParam('schedule')) id: string,
    @Body({ schema: publication }) body: Publication,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.schedules.publish(callerOf(request), id, body.replace, expectedVersion(ifMatch));
  }
}

import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { Caller, IfMatch, ReadRoute, WriteRoute } from '../../routing/routes';
import type { Write } from '../../writes/write';
import { type ScheduleBatch, scheduleBatch, scheduleBatchResult } from './batch.schemas';
import { scheduleResponse } from './schedule';
import { ScheduleListing } from './schedule-listing';
import {
  type NewSchedule,
  newSchedule,
  type PublishBody,
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
import { shiftResponse } from './shift';

@ApiTags('schedules')
@Controller('api/schedules')
export class SchedulesController {
  constructor(
    private readonly schedules: SchedulesService,
    private readonly listing: ScheduleListing,
  ) {}

  @Post()
  @WriteRoute('schedule', 'create', {
    openToKeys: true,
    allow: ['attendance:approve', 'attendance:admin'],
    summary: 'Plan for one person',
    description:
      'A draft, which counts for nothing until it is published. With `publish: true` it is checked and published at once. ' +
      'Weekly, or with `rotation` a pattern of any length. `shifts` can be sent along or added later.',
    created: scheduleResource,
  })
  create(@Caller() by: Principal, @Body({ schema: newSchedule }) body: NewSchedule): Write {
    return this.schedules.create(by, body);
  }

  @Post('batch')
  @WriteRoute('schedule', 'create', {
    openToKeys: true,
    allow: ['attendance:approve', 'attendance:admin'],
    summary: 'Plan the same for up to 1,000 people',
    description:
      'One transaction, one result for each person in the order sent. Each stands or falls alone: who is refused says why, and nothing of theirs is stored.',
    ok: scheduleBatchResult,
  })
  createBatch(@Caller() by: Principal, @Body({ schema: scheduleBatch }) body: ScheduleBatch): Write {
    return this.schedules.createBatch(by, body);
  }

  @Get()
  @ReadRoute({
    allow: ['attendance:read'],
    summary: 'List schedules, newest first',
    description:
      'Employees see their own, approvers those of their org unit, administrators all. `from` and `to` find those that meet a span of dates. Deleted ones are listed with `status`.',
    ok: scheduleList,
  })
  list(@Caller() by: Principal, @Query({ schema: scheduleQuery }) query: ScheduleQuery) {
    return this.listing.page(by, query);
  }

  @Get(':id')
  @ReadRoute({
    allow: ['attendance:read'],
    summary: 'Read one schedule with its shifts',
    description: 'Deleted and superseded ones stay readable.',
    ok: scheduleWithShifts,
    versioned: true,
  })
  async get(@Caller() by: Principal, @Param('id', idParam('schedule')) id: string) {
    const { schedule, shifts } = await this.listing.get(by, id);
    return { ...scheduleResponse(schedule), shifts: shifts.map(shiftResponse) };
  }

  @Patch(':id')
  @WriteRoute('schedule', 'update', {
    openToKeys: true,
    allow: ['attendance:approve', 'attendance:admin'],
    summary: 'Change name, dates or rotation',
    description:
      'Only what is named changes; null takes the end or the rotation away. A published schedule is checked again, and its shifts are given anew from today on, as far as they have not begun.',
    ok: scheduleResource,
  })
  update(
    @Caller() by: Principal,
    @Param('id', idParam('schedule')) id: string,
    @Body({ schema: schedulePatch }) body: SchedulePatch,
    @IfMatch() version?: number,
  ): Write {
    return this.schedules.update(by, id, body, version);
  }

  @Delete(':id')
  @WriteRoute('schedule', 'delete', {
    openToKeys: true,
    allow: ['attendance:approve', 'attendance:admin'],
    summary: 'Delete a schedule',
    description:
      'Its shifts from today on are gone as far as they have not begun; those of the past stay, and so does the schedule, to be read.',
    ok: scheduleResource,
  })
  remove(@Caller() by: Principal, @Param('id', idParam('schedule')) id: string, @IfMatch() version?: number): Write {
    return this.schedules.remove(by, id, version);
  }

  @Post(':id/publish')
  @WriteRoute('schedule', 'publish', {
    openToKeys: true,
    allow: ['attendance:approve', 'attendance:admin'],
    summary: 'Publish a schedule',
    description:
      'Checks its shifts together with all others of the person, names every fault at once (overlap, too little rest, a time that the clock jumps over), and gives the shifts their instants for 120 days. ' +
      'With `replace: true` other published schedules give way: they end the day before, or are superseded. Publishing again is harmless. A start in the past gives past dates shifts too, but for closed pay periods: see `skippedClosedDays`.',
    ok: publishedSchedule,
    answer: 'Published',
  })
  publish(
    @Caller() by: Principal,
    @Param('id', idParam('schedule')) id: string,
    @Body({ schema: publication }) body: PublishBody,
    @IfMatch() version?: number,
  ): Write {
    return this.schedules.publish(by, id, body.replace, version);
  }
}

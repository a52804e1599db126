import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Audited } from '../../audit/audited.decorator';
import { Allow } from '../../auth/access.decorators';
import { callerOf } from '../../auth/principal';
import { idParam } from '../../http/id.pipe';
import { expectedVersion } from '../../http/if-match';
import { validationFailed } from '../../http/schema.pipe';
import type { Write } from '../../writes/write';
import { ScheduleListing } from './schedule-listing';
import { shownShift } from './shift';
import { type AddedShift, addedShift, shiftList, type ShiftPatch, shiftPatch, shiftResource } from './shift.schemas';
import { ShiftsService } from './shifts.service';

@ApiTags('schedules')
@Controller('api/schedules/:id/shifts')
export class ShiftsController {
  constructor(
    private readonly shifts: ShiftsService,
    private readonly listing: ScheduleListing,
  ) {}

  @Get()
  @Allow('attendance:read')
  @ApiOperation({ summary: 'List the shifts of a schedule', description: 'All of them, in the order of their making.' })
  @ApiOkResponse({ standardSchema: shiftList })
  async list(@Req() request: FastifyRequest, @Param('id', idParam('schedule')) id: string) {
    const { shifts } = await this.listing.get(callerOf(request), id);
    return { data: shifts.map(shownShift) };
  }

  @Post()
  @Allow('attendance:approve', 'attendance:admin')
  @Audited('shift', 'create')
  @ApiOperation({
    summary: 'Add a shift',
    description:
      'On a weekday (`dayOfWeek`, 0 = Sunday), on a day of the rotation (`cycleDay`, from 1), or for one date, where it replaces what the week or the rotation says; `dayOff: true` makes the date free. ' +
      'An end at or before the start lies on the next day; a split shift has `segments`. In a published schedule it is checked and counts at once.',
  })
  @ApiCreatedResponse({ standardSchema: shiftResource, description: 'Added' })
  add(
    @Req() request: FastifyRequest,
    @Param('id', idParam('schedule')) id: string,
    @Body({ schema: addedShift }) { scheduleId = id, ...shift }: AddedShift,
  ): Write {
    if (scheduleId !== id) {
      const detail = 'names another schedule than the path; leave it out, or send the id of the path';
      throw validationFailed([{ pointer: '/scheduleId', code: 'invalid', detail }]);
    }
    return this.shifts.add(callerOf(request), id, shift);
  }

  @Patch(':shiftId')
  @Allow('attendance:approve', 'attendance:admin')
  @Audited('shift', 'update')
  @ApiOperation({
    summary: 'Change a shift',
    description:
      'Only what is named changes. Shifts that have begun keep their hours: a published schedule changes from today on, for what has not begun.',
  })
  @ApiOkResponse({ standardSchema: shiftResource, description: 'The shift as it is now' })
  update(
    @Req() request: FastifyRequest,
    @Param('id', idParam('schedule')) id: string,
    @Param('shiftId', idParam('shift')) shiftId: string,
    @Body({ schema: shiftPatch }) body: ShiftPatch,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.shifts.update(callerOf(request), id, shiftId, body, expectedVersion(ifMatch));
  }

  @Delete(':shiftId')
  @Allow('attendance:approve', 'attendance:admin')
  @Audited('shift', 'delete')
  @ApiOperation({ summary: 'Delete a shift', description: 'Its dates in the past keep it.' })
  @ApiOkResponse({ standardSchema: shiftResource, description: 'What was deleted' })
  remove(
    @Req() request: FastifyRequest,
    @Param('id', idParam('schedule')) id: string,
    @Param('shiftId', idParam('shift')) shiftId: string,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.shifts.remove(callerOf(request), id, shiftId, expectedVersion(ifMatch));
  }
}

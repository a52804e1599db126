import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { validationFailed } from '../../http/input/schema.pipe';
import { Caller, IfMatch, ReadRoute, WriteRoute } from '../../routing/routes';
import type { Write } from '../../writes/write';
import { ScheduleListing } from './schedule-listing';
import { shiftResponse } from './shift';
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
  @ReadRoute({
    allow: ['attendance:read'],
    summary: 'List the shifts of a schedule',
    description: 'All of them, in the order of their making.',
    ok: shiftList,
  })
  async list(@Caller() by: Principal, @Param('id', idParam('schedule')) id: string) {
    const { shifts } = await this.listing.get(by, id);
    return { data: shifts.map(shiftResponse) };
  }

  @Post()
  @WriteRoute('shift', 'create', {
    openToKeys: true,
    allow: ['attendance:approve', 'attendance:admin'],
    summary: 'Add a shift',
    description:
      'On a weekday (`dayOfWeek`, 0 = Sunday), on a day of the rotation (`cycleDay`, from 1), or for one date, where it replaces what the week or the rotation says; `dayOff: true` makes the date free. ' +
      'An end at or before the start lies on the next day; a split shift has `segments`. In a published schedule it is checked and counts at once.',
    created: shiftResource,
  })
  add(
    @Caller() by: Principal,
    @Param('id', idParam('schedule')) id: string,
    @Body({ schema: addedShift }) { scheduleId = id, ...shift }: AddedShift,
  ): Write {
    if (scheduleId !== id) {
      const detail = 'names another schedule than the path; leave it out, or send the id of the path';
      throw validationFailed([{ pointer: '/scheduleId', code: 'invalid', detail }]);
    }
    return this.shifts.add(by, id, shift);
  }

  @Patch(':shiftId')
  @WriteRoute('shift', 'update', {
    openToKeys: true,
    allow: ['attendance:approve', 'attendance:admin'],
    summary: 'Change a shift',
    description:
      'Only what is named changes. Shifts that have begun keep their hours: a published schedule changes from today on, for what has not begun.',
    ok: shiftResource,
  })
  update(
    @Caller() by: Principal,
    @Param('id', idParam('schedule')) id: string,
    @Param('shiftId', idParam('shift')) shiftId: string,
    @Body({ schema: shiftPatch }) body: ShiftPatch,
    @IfMatch() version?: number,
  ): Write {
    return this.shifts.update(by, id, shiftId, body, version);
  }

  @Delete(':shiftId')
  @WriteRoute('shift', 'delete', {
    openToKeys: true,
    allow: ['attendance:approve', 'attendance:admin'],
    summary: 'Delete a shift',
    description: 'Its dates in the past keep it.',
    ok: shiftResource,
  })
  remove(
    @Caller() by: Principal,
    @Param('id', idParam('schedule')) id: string,
    @Param('shiftId', idParam('shift')) shiftId: string,
    @IfMatch() version?: number,
  ): Write {
    return this.shifts.remove(by, id, shiftId, version);
  }
}

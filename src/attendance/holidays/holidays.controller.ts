import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { Caller, IfMatch, ReadRoute, WriteRoute } from '../../routing/routes';
import type { Write } from '../../writes/write';
import type { HolidayBatch, HolidayPatch, HolidayQuery, NewHoliday } from './holiday.schemas';
import {
  holidayBatch,
  holidayBatchResult,
  holidayList,
  holidayPatch,
  holidayQuery,
  holidayResource,
  newHoliday,
} from './holiday.schemas';
import { HolidaysService } from './holidays.service';

const holidayId = idParam('holiday');

@ApiTags('calendar')
@Controller('api/attendance/holidays')
export class HolidaysController {
  constructor(private readonly holidays: HolidaysService) {}

  @Get()
  @ReadRoute({
    allow: ['attendance:read'],
    summary: 'List holidays by date',
    description: 'Everybody may read them. Page on with `nextCursor`.',
    ok: holidayList,
  })
  list(@Caller() by: Principal, @Query({ schema: holidayQuery }) query: HolidayQuery) {
    return this.holidays.list(by, query);
  }

  @Post()
  @WriteRoute('holiday', 'create', {
    openToKeys: true,
    allow: ['attendance:admin'],
    summary: 'Enter a holiday',
    description:
      'For everybody or for one org unit, whose own holiday takes the place of one for everybody on the same date. Days on record are computed again. ' +
      'There is one a date: 409 `date_taken`. A date in a closed pay period is refused: 409 `period_closed`.',
    created: holidayResource,
  })
  create(@Caller() by: Principal, @Body({ schema: newHoliday }) body: NewHoliday): Write {
    return this.holidays.create(by, body);
  }

  @Post('batch')
  @WriteRoute('holiday', 'create', {
    openToKeys: true,
    allow: ['attendance:admin'],
    summary: 'Enter up to 400 holidays at once',
    description:
      'One transaction, one result for each in the order sent. Never all or nothing: what is refused says why, the others stand.',
    ok: holidayBatchResult,
  })
  createBatch(@Body({ schema: holidayBatch }) body: HolidayBatch): Write {
    return this.holidays.createBatch(body);
  }

  @Get(':id')
  @ReadRoute({ allow: ['attendance:read'], summary: 'Read one holiday', ok: holidayResource, versioned: true })
  get(@Caller() by: Principal, @Param('id', holidayId) id: string) {
    return this.holidays.get(by, id);
  }

  @Patch(':id')
  @WriteRoute('holiday', 'update', {
    openToKeys: true,
    allow: ['attendance:admin'],
    summary: 'Change a holiday',
    description:
      'Only what is named changes; `orgUnitId: null` makes it one for everybody. Both dates, the old and the new one, must lie outside of closed pay periods.',
    ok: holidayResource,
  })
  update(
    @Caller() by: Principal,
    @Param('id', holidayId) id: string,
    @Body({ schema: holidayPatch }) body: HolidayPatch,
    @IfMatch() version?: number,
  ): Write {
    return this.holidays.update(by, id, body, version);
  }

  @Delete(':id')
  @WriteRoute('holiday', 'delete', {
    openToKeys: true,
    allow: ['attendance:admin'],
    summary: 'Delete a holiday',
    description: 'Days on record of its date are computed again.',
    ok: holidayResource,
  })
  remove(@Caller() by: Principal, @Param('id', holidayId) id: string, @IfMatch() version?: number): Write {
    return this.holidays.remove(by, id, version);
  }
}

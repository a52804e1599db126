import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Audited } from '../../audit/audited.decorator';
import { Allow } from '../../auth/access.decorators';
import { callerOf } from '../../auth/principal';
import { idParam } from '../../http/id.pipe';
import { expectedVersion } from '../../http/if-match';
import type { Write } from '../../writes/write';
import {
  type HolidayBatch,
  holidayBatch,
  holidayBatchResult,
  holidayList,
  type HolidayPatch,
  holidayPatch,
  type HolidayQuery,
  holidayQuery,
  holidayResource,
  type NewHoliday,
  newHoliday,
} from './holiday.schemas';
import { HolidaysService } from './holidays.service';

@ApiTags('calendar')
@Controller('api/attendance/holidays')
export class HolidaysController {
  constructor(private readonly holidays: HolidaysService) {}

  @Get()
  @Allow('attendance:read')
  @ApiOperation({
    summary: 'List holidays by date',
    description: 'Everybody may read them. Page on with `nextCursor`.',
  })
  @ApiOkResponse({ standardSchema: holidayList })
  list(@Req() request: FastifyRequest, @Query({ schema: holidayQuery }) query: HolidayQuery) {
    return this.holidays.page(callerOf(request), query);
  }

  @Post()
  @Allow('attendance:admin')
  @Audited('holiday', 'create')
  @ApiOperation({
    summary: 'Enter a holiday',
    description:
      'For everybody or for one org unit, whose own holiday takes the place of one for everybody on the same date. Days on record are computed again. ' +
      'There is one a date: 409 `date_taken`. A date in a closed pay period is refused: 409 `period_closed`.',
  })
  @ApiCreatedResponse({ standardSchema: holidayResource, description: 'Created' })
  create(@Req() request: FastifyRequest, @Body({ schema: newHoliday }) body: NewHoliday): Write {
    return this.holidays.create(callerOf(request), body);
  }

  @Post('batch')
  @HttpCode(200)
  @Allow('attendance:admin')
  @Audited('holiday', 'create')
  @ApiOperation({
    summary: 'Enter up to 400 holidays at once',
    description:
      'One transaction, one result for each in the order sent. Never all or nothing: what is refused says why, the others stand.',
  })
  @ApiOkResponse({ standardSchema: holidayBatchResult })
  createBatch(@Req() request: FastifyRequest, @Body({ schema: holidayBatch }) body: HolidayBatch): Write {
    return this.holidays.createBatch(callerOf(request), body);
  }

  @Get(':id')
  @Allow('attendance:read')
  @ApiOperation({ summary: 'Read one holiday' })
  @ApiOkResponse({ standardSchema: holidayResource })
  async get(
    @Req() request: FastifyRequest,
    @Param('id', idParam('holiday')) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const holiday = await this.holidays.get(callerOf(request), id);
    void reply.header('etag', `"${holiday.version}"`);
    return holiday;
  }

  @Patch(':id')
  @Allow('attendance:admin')
  @Audited('holiday', 'update')
  @ApiOperation({
    summary: 'Change a holiday',
    description:
      'Only what is named changes; `orgUnitId: null` makes it one for everybody. Both dates, the old and the new one, must lie outside of closed pay periods.',
  })
  @ApiOkResponse({ standardSchema: holidayResource, description: 'The holiday as it is now' })
  update(
    @Req() request: FastifyRequest,
    @Param('id', idParam('holiday')) id: string,
    @Body({ schema: holidayPatch }) body: HolidayPatch,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.holidays.update(callerOf(request), id, body, expectedVersion(ifMatch));
  }

  @Delete(':id')
  @Allow('attendance:admin')
  @Audited('holiday', 'delete')
  @ApiOperation({ summary: 'Delete a holiday', description: 'Days on record of its date are computed again.' })
  @ApiOkResponse({ standardSchema: holidayResource, description: 'What was deleted' })
  remove(
    @Req() request: FastifyRequest,
    @Param('id', idParam('holiday')) id: string,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.holidays.remove(callerOf(request), id, expectedVersion(ifMatch));
  }
}

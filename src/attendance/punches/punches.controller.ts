import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Audited } from '../../audit/audited.decorator';
import { Allow } from '../../auth/access.decorators';
import { callerOf } from '../../auth/principal';
import { idParam } from '../../http/id.pipe';
import { expectedVersion } from '../../http/if-match';
import type { Write } from '../../writes/write';
import {
  type NewPunch,
  newPunch,
  type PunchBatch,
  punchBatch,
  punchBatchResult,
  type PunchCorrection,
  punchCorrection,
  punchList,
  punchQuery,
  type PunchQuery,
  type PunchRemoval,
  punchRemoval,
  punchResource,
} from './punch.schemas';
import { PunchesService } from './punches.service';
import { PunchListing } from './punch-listing';
import { shown } from './punch';

@ApiTags('punches')
@Controller('api/punches')
export class PunchesController {
  constructor(
    private readonly punches: PunchesService,
    private readonly listing: PunchListing,
  ) {}

  @Post()
  @Allow('attendance:write')
  @Audited('punch', 'create')
  @ApiOperation({
    summary: 'Punch in, out, or to and from a break',
    description:
      'Records one punch. Hours worked are recorded at any hour of the day. A kiosk, phone or browser that sends a punch which does not fit gets 409 with `state` and `allowedNext`; ' +
      'a terminal is never refused for its order, its punch is flagged instead. The same punch told twice (same `clientPunchId`, or same person, type and instant) answers 200 with `duplicate: true`. ' +
      'A date in a closed pay period is refused at a kiosk, phone or browser (409 `period_closed`); from a terminal the punch waits in quarantine (`status: quarantined`). ' +
      'So does what people punch for themselves further back than `lookBackHours` of the settings, 24 hours by default (flag `reported_late`), or it is refused with 422 `punch_too_old`, as the tenant has set.',
  })
  @ApiCreatedResponse({ standardSchema: punchResource, description: 'Recorded' })
  @ApiOkResponse({ standardSchema: punchResource, description: 'It had been told before; nothing new was recorded' })
  record(@Req() request: FastifyRequest, @Body({ schema: newPunch }) body: NewPunch): Write {
    return this.punches.record(callerOf(request), body);
  }

  @Post('batch')
  @Allow('attendance:write')
  @Audited('punch', 'create')
  @ApiOperation({
    summary: 'Record up to 1,000 punches at once',
    description:
      'One transaction, one result for each punch in the order sent. Never all or nothing: what is refused says why, the others stand. Order is flagged, not refused. ' +
      'What lies in a closed pay period, or is of oneself and too old, is kept in quarantine (`quarantined: true`).',
  })
  @ApiOkResponse({ standardSchema: punchBatchResult })
  recordBatch(@Req() request: FastifyRequest, @Body({ schema: punchBatch }) body: PunchBatch): Write {
    return this.punches.recordBatch(callerOf(request), body);
  }

  @Get()
  @Allow('attendance:read')
  @ApiOperation({
    summary: 'List punches, newest first',
    description:
      'Employees see their own, approvers those of their org unit, administrators all. Page on with `nextCursor`; the pages neither repeat nor miss a punch while others are recorded.',
  })
  @ApiOkResponse({ standardSchema: punchList })
  list(@Req() request: FastifyRequest, @Query({ schema: punchQuery }) query: PunchQuery) {
    return this.listing.page(callerOf(request), query);
  }

  @Get(':id')
  @Allow('attendance:read')
  @ApiOperation({
    summary: 'Read one punch',
    description:
      'Corrected and deleted punches stay readable: `status`, `supersededBy` and `reason` say what became of them.',
  })
  @ApiOkResponse({ standardSchema: punchResource })
  async get(
    @Req() request: FastifyRequest,
    @Param('id', idParam('punch')) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const punch = await this.punches.get(callerOf(request), id);
    void reply.header('etag', `"${punch.version}"`);
    return shown(punch);
  }

  @Patch(':id')
  @Allow('attendance:approve', 'attendance:admin')
  @Audited('punch', 'update')
  @ApiOperation({
    summary: 'Correct a punch, with a reason',
    description:
      'A punch is a fact and is not overwritten: the correction is a new punch (the answer) that replaces the old one, which stays readable and points at it. ' +
      'Neither time may lie in a closed pay period: 409 `period_closed`. Never of oneself: 403 `self_approval`.',
  })
  @ApiOkResponse({ standardSchema: punchResource, description: 'The punch that stands now' })
  correct(
    @Req() request: FastifyRequest,
    @Param('id', idParam('punch')) id: string,
    @Body({ schema: punchCorrection }) body: PunchCorrection,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.punches.correct(callerOf(request), id, body, expectedVersion(ifMatch));
  }

  @Delete(':id')
  @Allow('attendance:approve', 'attendance:admin')
  @Audited('punch', 'delete')
  @ApiOperation({
    summary: 'Delete a punch, with a reason',
    description: 'It no longer counts; it stays readable with its reason. Never of oneself: 403 `self_approval`.',
  })
  @ApiOkResponse({ standardSchema: punchResource, description: 'What was deleted' })
  remove(
    @Req() request: FastifyRequest,
    @Param('id', idParam('punch')) id: string,
    @Body({ schema: punchRemoval }) body: PunchRemoval,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.punches.remove(callerOf(request), id, body, expectedVersion(ifMatch));
  }
}

import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { Caller, IfMatch, ReadRoute, WriteRoute } from '../../routing/routes';
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
import { punchResponse } from './punch';

@ApiTags('punches')
@Controller('api/punches')
export class PunchesController {
  constructor(
    private readonly punches: PunchesService,
    private readonly listing: PunchListing,
  ) {}

  @Post()
  @WriteRoute('punch', 'create', {
    openToKeys: true,
    allow: ['attendance:write'],
    summary: 'Punch in, out, or to and from a break',
    description:
      'Records one punch. Hours worked are recorded at any hour of the day. A kiosk, phone or browser that sends a punch which does not fit gets 409 with `state` and `allowedNext`; ' +
      'a terminal is never refused for its order, its punch is flagged instead. The same punch reported twice (same `clientPunchId`, or same person, type and instant) answers 200 with `duplicate: true`. ' +
      'A date in a closed pay period is refused at a kiosk, phone or browser (409 `period_closed`); from a terminal the punch waits in quarantine (`status: quarantined`). ' +
      'So does what people punch for themselves further back than `lookBackHours` of the settings, 24 hours by default (flag `reported_late`), or it is refused with 422 `punch_too_old`, as the tenant has set.',
    created: punchResource,
    answer: 'Recorded',
  })
  @ApiOkResponse({ standardSchema: punchResource, description: 'A duplicate; nothing new was recorded' })
  record(@Caller() by: Principal, @Body({ schema: newPunch }) body: NewPunch): Write {
    return this.punches.record(by, body);
  }

  @Post('batch')
  @WriteRoute('punch', 'create', {
    openToKeys: true,
    allow: ['attendance:write'],
    summary: 'Record up to 1,000 punches at once',
    description:
      'One transaction, one result for each punch in the order sent. Never all or nothing: what is refused says why, the others stand. Order is flagged, not refused. ' +
      'What lies in a closed pay period, or is of oneself and too old, is kept in quarantine (`quarantined: true`).',
    ok: punchBatchResult,
  })
  recordBatch(@Caller() by: Principal, @Body({ schema: punchBatch }) body: PunchBatch): Write {
    return this.punches.recordBatch(by, body);
  }

  @Get()
  @ReadRoute({
    allow: ['attendance:read'],
    summary: 'List punches, newest first',
    description:
      'Employees see their own, approvers those of their org unit, administrators all. Page on with `nextCursor`; the pages neither repeat nor miss a punch while others are recorded.',
    ok: punchList,
  })
  list(@Caller() by: Principal, @Query({ schema: punchQuery }) query: PunchQuery) {
    return this.listing.page(by, query);
  }

  @Get(':id')
  @ReadRoute({
    allow: ['attendance:read'],
    summary: 'Read one punch',
    description:
      'Corrected and deleted punches stay readable: `status`, `supersededBy` and `reason` say what became of them.',
    ok: punchResource,
    versioned: true,
  })
  async get(@Caller() by: Principal, @Param('id', idParam('punch')) id: string) {
    return punchResponse(await this.punches.get(by, id));
  }

  @Patch(':id')
  @WriteRoute('punch', 'update', {
    allow: ['attendance:approve', 'attendance:admin'],
    summary: 'Correct a punch, with a reason',
    description:
      'A punch is a fact and is not overwritten: the correction is a new punch (the answer) that replaces the old one, which stays readable and points at it. ' +
      'Neither time may lie in a closed pay period: 409 `period_closed`. Never of oneself: 403 `self_approval`.',
    ok: punchResource,
    answer: 'The punch that stands now',
  })
  correct(
    @Caller() by: Principal,
    @Param('id', idParam('punch')) id: string,
    @Body({ schema: punchCorrection }) body: PunchCorrection,
    @IfMatch() version?: number,
  ): Write {
    return this.punches.correct(by, id, body, version);
  }

  @Delete(':id')
  @WriteRoute('punch', 'delete', {
    allow: ['attendance:approve', 'attendance:admin'],
    summary: 'Delete a punch, with a reason',
    description: 'It no longer counts; it stays readable with its reason. Never of oneself: 403 `self_approval`.',
    ok: punchResource,
  })
  remove(
    @Caller() by: Principal,
    @Param('id', idParam('punch')) id: string,
    @Body({ schema: punchRemoval }) body: PunchRemoval,
    @IfMatch() version?: number,
  ): Write {
    return this.punches.remove(by, id, body, version);
  }
}

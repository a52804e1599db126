import { Body, Controller, Delete, Get, Headers, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Audited } from '../../audit/audited.decorator';
import { Allow } from '../../auth/access.decorators';
import { callerOf } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { expectedVersion } from '../../http/input/if-match';
import type { Write } from '../../writes/write';
import {
  type CorrectionDecision,
  correctionDecision,
  correctionList,
  type CorrectionQuery,
  correctionQuery,
  correctionResource,
  type NewCorrection,
  newCorrection,
} from './correction.schemas';
import { CorrectionsService } from './corrections.service';
import { CorrectionDecisions } from './deciding.service';

@ApiTags('corrections')
@Controller('api/corrections')
export class CorrectionsController {
  constructor(
    private readonly corrections: CorrectionsService,
    private readonly decisions: CorrectionDecisions,
  ) {}

  @Post()
  @Allow('attendance:write')
  @Audited('correction', 'create')
  @ApiOperation({
    summary: 'Ask for a correction of punches',
    description:
      '`missing_punch` needs `type` and `timestamp`; `changed_time` needs `punchId` and `type`, `timestamp` or both; `removed_punch` needs `punchId`. ' +
      'Nothing changes until somebody else approves it. What could never be approved is refused at once: a punch of somebody else (422 `punch_unknown`) or one that no longer counts ' +
      '(409 `punch_not_active`), a time to come, a date out of employment or in a closed pay period (409 `period_closed`).',
  })
  @ApiCreatedResponse({ standardSchema: correctionResource, description: 'Asked for, pending' })
  create(@Req() request: FastifyRequest, @Body({ schema: newCorrection }) body: NewCorrection): Write {
    return this.corrections.create(callerOf(request), body);
  }

  @Get()
  @Allow('attendance:read')
  @ApiOperation({
    summary: 'List corrections, newest first',
    description:
      'The pending ones unless `status` says otherwise. Employees see their own, approvers those of their org unit, administrators all. Page on with `nextCursor`.',
  })
  @ApiOkResponse({ standardSchema: correctionList })
  list(@Req() request: FastifyRequest, @Query({ schema: correctionQuery }) query: CorrectionQuery) {
    return this.corrections.page(callerOf(request), query);
  }

  @Get(':id')
  @Allow('attendance:read')
  @ApiOperation({ summary: 'Read one correction', description: 'What was punched, what is wanted, and the decision.' })
  @ApiOkResponse({ standardSchema: correctionResource })
  async get(
    @Req() request: FastifyRequest,
    @Param('id', idParam('correction')) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const correction = await this.corrections.get(callerOf(request), id);
    void reply.header('etag', `"${correction.version}"`);
    return correction;
  }

  @Put(':id/decide')
  @Allow('attendance:approve', 'attendance:admin')
  @Audited('correction', 'approve')
  @ApiOperation({
    summary: 'Approve or reject a correction',
    description:
      'Approved, it is applied at once: a new punch takes the place of the old one, which stays readable and points at it (`appliedPunchId`). ' +
      'Never by whoever asked for it or is corrected by it: 403 `self_approval`. When the punch has changed since the request, nothing is applied: 409 `conflict`.',
  })
  @ApiOkResponse({ standardSchema: correctionResource, description: 'Decided' })
  decide(
    @Req() request: FastifyRequest,
    @Param('id', idParam('correction')) id: string,
    @Body({ schema: correctionDecision }) body: CorrectionDecision,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.decisions.decide(callerOf(request), id, body, expectedVersion(ifMatch));
  }

  @Delete(':id')
  @Allow('attendance:write')
  @Audited('correction', 'cancel')
  @ApiOperation({
    summary: 'Cancel a pending correction',
    description: 'By whoever asked for it, or an administrator. It stays readable as `cancelled`.',
  })
  @ApiOkResponse({ standardSchema: correctionResource, description: 'The correction, cancelled' })
  cancel(
    @Req() request: FastifyRequest,
    @Param('id', idParam('correction')) id: string,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.corrections.cancel(callerOf(request), id, expectedVersion(ifMatch));
  }
}

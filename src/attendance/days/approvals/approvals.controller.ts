import { Body, Controller, Headers, Param, Post, Put, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Audited } from '../../../audit/audited.decorator';
import { Allow } from '../../../auth/access.decorators';
import { callerOf } from '../../../auth/principal';
import { dateIn } from '../../../http/input/dates';
import { idParam } from '../../../http/input/id.pipe';
import { expectedVersion } from '../../../http/input/if-match';
import { notFound } from '../../../http/problems/problem';
import type { Write } from '../../../writes/write';
import {
  approvedDay,
  type DayApproval,
  dayApproval,
  type DayApprovalBatch,
  dayApprovalBatch,
  dayApprovalResult,
} from './approval.schemas';
import { ApprovalsService } from './approvals.service';

@ApiTags('work days')
@Controller('api/attendance/days')
@Allow('attendance:approve', 'attendance:admin')
export class ApprovalsController {
  constructor(private readonly approvals: ApprovalsService) {}

  @Post('batch/approve')
  @Audited('day', 'approve')
  @ApiOperation({
    summary: 'Approve up to 1,000 work days at once',
    description: 'One transaction, one result for each; what is refused says why, the others are approved.',
  })
  @ApiOkResponse({ standardSchema: dayApprovalResult })
  approveBatch(@Req() request: FastifyRequest, @Body({ schema: dayApprovalBatch }) body: DayApprovalBatch): Write {
    return this.approvals.approveBatch(callerOf(request), body);
  }

  @Put(':employeeId/:date/approval')
  @Audited('day', 'approve')
  @ApiOperation({
    summary: 'Approve a work day, or take the approval back',
    description:
      'Once nothing is open about it, by somebody else than the person. The approval falls back to pending by itself when a punch below it changes. `If-Match` takes the `revision` that you looked at.',
  })
  @ApiOkResponse({ standardSchema: approvedDay })
  decide(
    @Req() request: FastifyRequest,
    @Param('employeeId', idParam('work day')) employeeId: string,
    @Param('date') date: string,
    @Body({ schema: dayApproval }) body: DayApproval,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    const caller = callerOf(request);
    const day = dateIn(caller.timeZone, date);
    if (day === undefined) throw notFound('work day');
    return this.approvals.decide(caller, employeeId, day, body, expectedVersion(ifMatch));
  }
}

import { Body, Controller, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../../auth/access.decorators';
import type { Principal } from '../../../auth/principal';
import { dateIn } from '../../../http/input/dates';
import { idParam } from '../../../http/input/id.pipe';
import { notFound } from '../../../http/problems/problem';
import { Caller, IfMatch, WriteRoute } from '../../../routing/routes';
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
  @WriteRoute('day', 'approve', {
    summary: 'Approve up to 1,000 work days at once',
    description: 'One transaction, one result for each; what is refused says why, the others are approved.',
    ok: dayApprovalResult,
  })
  approveBatch(@Caller() by: Principal, @Body({ schema: dayApprovalBatch }) body: DayApprovalBatch): Write {
    return this.approvals.approveBatch(by, body);
  }

  @Put(':employeeId/:date/approval')
  @WriteRoute('day', 'approve', {
    summary: 'Approve a work day, or take the approval back',
    description:
      'Once nothing is open about it, by somebody else than the person. The approval falls back to pending by itself when a punch below it changes. `If-Match` takes the `revision` that you looked at.',
    ok: approvedDay,
  })
  decide(
    @Caller() by: Principal,
    @Param('employeeId', idParam('work day')) employeeId: string,
    @Param('date') date: string,
    @Body({ schema: dayApproval }) body: DayApproval,
    @IfMatch() version?: number,
  ): Write {
    const day = dateIn(by.timeZone, date);
    if (day === undefined) throw notFound('work day');
    return this.approvals.decide(by, employeeId, day, body, version);
  }
}

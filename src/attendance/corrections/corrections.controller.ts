import { Body, Controller, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../auth/principal';
import { idParam } from '../../http/input/id.pipe';
import { Caller, IfMatch, ReadRoute, WriteRoute } from '../../routing/routes';
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
  @WriteRoute('correction', 'create', {
    allow: ['attendance:write'],
    summary: 'Ask for a correction of punches',
    description:
      '`missing_punch` needs `type` and `timestamp`; `changed_time` needs `punchId` and `type`, `timestamp` or both; `removed_punch` needs `punchId`. ' +
      'Nothing changes until somebody else approves it. What could never be approved is refused at once: a punch of somebody else (422 `punch_unknown`) or one that no longer counts ' +
      '(409 `punch_not_active`), a time to come, a date out of employment or in a closed pay period (409 `period_closed`).',
    created: correctionResource,
    answer: 'Asked for, pending',
  })
  create(@Caller() by: Principal, @Body({ schema: newCorrection }) body: NewCorrection): Write {
    return this.corrections.create(by, body);
  }

  @Get()
  @ReadRoute({
    allow: ['attendance:read'],
    summary: 'List corrections, newest first',
    description:
      'The pending ones unless `status` says otherwise. Employees see their own, approvers those of their org unit, administrators all. Page on with `nextCursor`.',
    ok: correctionList,
  })
  list(@Caller() by: Principal, @Query({ schema: correctionQuery }) query: CorrectionQuery) {
    return this.corrections.page(by, query);
  }

  @Get(':id')
  @ReadRoute({
    allow: ['attendance:read'],
    summary: 'Read one correction',
    description: 'What was punched, what is wanted, and the decision.',
    ok: correctionResource,
    versioned: true,
  })
  get(@Caller() by: Principal, @Param('id', idParam('correction')) id: string) {
    return this.corrections.get(by, id);
  }

  @Put(':id/decide')
  @WriteRoute('correction', 'approve', {
    allow: ['attendance:approve', 'attendance:admin'],
    summary: 'Approve or reject a correction',
    description:
      'Approved, it is applied at once: a new punch takes the place of the old one, which stays readable and points at it (`appliedPunchId`). ' +
      'Never by whoever asked for it or is corrected by it: 403 `self_approval`. When the punch has changed since the request, nothing is applied: 409 `conflict`.',
    ok: correctionResource,
    answer: 'Decided',
  })
  decide(
    @Caller() by: Principal,
    @Param('id', idParam('correction')) id: string,
    @Body({ schema: correctionDecision }) body: CorrectionDecision,
    @IfMatch() version?: number,
  ): Write {
    return this.decisions.decide(by, id, body, version);
  }

  @Delete(':id')
  @WriteRoute('correction', 'cancel', {
    allow: ['attendance:write'],
    summary: 'Cancel a pending correction',
    description: 'By whoever asked for it, or an administrator. It stays readable as `cancelled`.',
    ok: correctionResource,
    answer: 'The correction, cancelled',
  })
  cancel(@Caller() by: Principal, @Param('id', idParam('correction')) id: string, @IfMatch() version?: number): Write {
    return this.corrections.cancel(by, id, version);
  }
}

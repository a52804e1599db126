import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../auth/principal';
import { idParam } from '../../../http/input/id.pipe';
import { Caller, IfMatch, ReadRoute, WriteRoute } from '../../../routing/routes';
import type { Write } from '../../../writes/write';
import {
  adjustmentList,
  type AdjustmentQuery,
  adjustmentQuery,
  type AdjustmentRemoval,
  adjustmentRemoval,
  adjustmentResource,
  type NewAdjustment,
  newAdjustment,
} from './adjustment.schemas';
import { AdjustmentsService } from './adjustments.service';

@ApiTags('pay periods')
@Controller('api/adjustments')
export class AdjustmentsController {
  constructor(private readonly adjustments: AdjustmentsService) {}

  @Get()
  @ReadRoute({
    allow: ['attendance:read'],
    summary: 'List adjustments, newest first',
    description:
      'Signed time that closed days are short of or over. Employees see their own, approvers those of their org unit, payroll and administrators all.',
    ok: adjustmentList,
  })
  list(@Caller() by: Principal, @Query({ schema: adjustmentQuery }) query: AdjustmentQuery) {
    return this.adjustments.page(by, query);
  }

  @Post()
  @WriteRoute('adjustment', 'create', {
    allow: ['attendance:admin', 'attendance:payroll'],
    summary: 'Book an adjustment by hand',
    description:
      'It is paid with the next period that is closed, on a line of its own. Not for oneself: 403 `self_approval`.',
    created: adjustmentResource,
    answer: 'Booked, open',
  })
  create(@Caller() by: Principal, @Body({ schema: newAdjustment }) body: NewAdjustment): Write {
    return this.adjustments.create(by, body);
  }

  @Delete(':id')
  @WriteRoute('adjustment', 'cancel', {
    allow: ['attendance:admin', 'attendance:payroll'],
    summary: 'Take back an open adjustment, with a reason',
    description: 'It stays readable as `void`. One that was paid stays paid: 409 `conflict`; book the opposite.',
    ok: adjustmentResource,
    answer: 'The adjustment, void',
  })
  cancel(
    @Caller() by: Principal,
    @Param('id', idParam('adjustment')) id: string,
    @Body({ schema: adjustmentRemoval }) body: AdjustmentRemoval,
    @IfMatch() version?: number,
  ): Write {
    return this.adjustments.cancel(by, id, body, version);
  }
}

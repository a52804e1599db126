import { Body, Controller, Delete, Get, Headers, Param, Post, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Audited } from '../../../audit/audited.decorator';
import { Allow } from '../../../auth/access.decorators';
import { callerOf } from '../../../auth/principal';
import { idParam } from '../../../http/id.pipe';
import { expectedVersion } from '../../../http/if-match';
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
  @Allow('attendance:read')
  @ApiOperation({
    summary: 'List adjustments, newest first',
    description:
      'Signed time that closed days are short of or over. Employees see their own, approvers those of their org unit, payroll and administrators all.',
  })
  @ApiOkResponse({ standardSchema: adjustmentList })
  list(@Req() request: FastifyRequest, @Query({ schema: adjustmentQuery }) query: AdjustmentQuery) {
    return this.adjustments.page(callerOf(request), query);
  }

  @Post()
  @Allow('attendance:admin', 'attendance:payroll')
  @Audited('adjustment', 'create')
  @ApiOperation({
    summary: 'Book an adjustment by hand',
    description:
      'It is paid with the next period that is closed, on a line of its own. Not for oneself: 403 `self_approval`.',
  })
  @ApiCreatedResponse({ standardSchema: adjustmentResource, description: 'Booked, open' })
  create(@Req() request: FastifyRequest, @Body({ schema: newAdjustment }) body: NewAdjustment): Write {
    return this.adjustments.create(callerOf(request), body);
  }

  @Delete(':id')
  @Allow('attendance:admin', 'attendance:payroll')
  @Audited('adjustment', 'cancel')
  @ApiOperation({
    summary: 'Take back an open adjustment, with a reason',
    description: 'It stays readable as `void`. One that was paid stays paid: 409 `conflict`; book the opposite.',
  })
  @ApiOkResponse({ standardSchema: adjustmentResource, description: 'The adjustment, void' })
  cancel(
    @Req() request: FastifyRequest,
    @Param('id', idParam('adjustment')) id: string,
    @Body({ schema: adjustmentRemoval }) body: AdjustmentRemoval,
    @Headers('if-match') ifMatch?: string,
  ): Write {
    return this.adjustments.cancel(callerOf(request), id, body, expectedVersion(ifMatch));
  }
}

import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow } from '../../auth/access.decorators';
import { callerOf } from '../../auth/principal';
import { InstanceListing } from './instance-listing';
import { instanceList, type InstanceQuery, instanceQuery } from './instance.schemas';

@ApiTags('schedules')
@Controller('api/shift-instances')
export class ShiftInstancesController {
  constructor(private readonly listing: InstanceListing) {}

  @Get()
  @Allow('attendance:read')
  @ApiOperation({
    summary: 'Who is to work when: the planned shifts of a span of dates',
    description:
      'Published shifts with their local times and instants, by person and date, for at most 62 days. Employees see their own, approvers those of their org unit, administrators all.',
  })
  @ApiOkResponse({ standardSchema: instanceList })
  list(@Req() request: FastifyRequest, @Query({ schema: instanceQuery }) query: InstanceQuery) {
    return this.listing.page(callerOf(request), query);
  }
}

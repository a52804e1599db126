import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../auth/principal';
import { Caller, ReadRoute } from '../../routing/routes';
import { InstanceListing } from './instance-listing';
import { instanceList, type InstanceQuery, instanceQuery } from './instance.schemas';

@ApiTags('schedules')
@Controller('api/shift-instances')
export class ShiftInstancesController {
  constructor(private readonly listing: InstanceListing) {}

  @Get()
  @ReadRoute({
    allow: ['attendance:read'],
    summary: 'Who is to work when: the planned shifts of a span of dates',
    description:
      'Published shifts with their local times and instants, by person and date, for at most 62 days. Employees see their own, approvers those of their org unit, administrators all.',
    ok: instanceList,
  })
  list(@Caller() by: Principal, @Query({ schema: instanceQuery }) query: InstanceQuery) {
    return this.listing.page(by, query);
  }
}

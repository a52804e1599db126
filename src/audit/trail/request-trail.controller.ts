import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../../auth/access.decorators';
import type { Principal } from '../../auth/principal';
import { Caller, ReadRoute } from '../../routing/routes';
import { trailList, trailQuery, type TrailQuery } from './trail.schemas';
import { trailLineResponse, timeOf } from './trail-listing';
import { TrailRepository } from './trail.repository';

/** The request trail, read. Operators read the platform's, where calls stand whose tenant nobody knows. */
@ApiTags('audit')
@Controller('api/admin/audit-logs')
@Allow('attendance:admin', 'platform:admin')
export class RequestTrailController {
  constructor(private readonly trail: TrailRepository) {}

  @Get()
  @ReadRoute({
    summary: 'Who called the API, newest first',
    description:
      'Every call with its status, duration and, where it was refused, the reason. Written within a second after the answer, best effort, kept for 90 days. ' +
      'Looks at the newest 200,000 calls of the time asked for; calls without a valid token stand under the platform.',
    ok: trailList,
  })
  async list(@Caller() by: Principal, @Query({ schema: trailQuery }) query: TrailQuery) {
    const { eventType, userId, limit, offset } = query;
    const filters = {
      ...timeOf(query),
      ...(eventType === undefined ? {} : { eventType }),
      ...(userId === undefined ? {} : { userId }),
    };
    const rows = await this.trail.newest(by.tenantId, filters, offset, limit);
    return { data: rows.map(trailLineResponse) };
  }
}

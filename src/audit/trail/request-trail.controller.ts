import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow } from '../../auth/access.decorators';
import { callerOf } from '../../auth/principal';
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
  @ApiOperation({
    summary: 'Who called the API, newest first',
    description:
      'Every call with its status, duration and, where it was refused, the reason. Written within a second after the answer, best effort, kept for 90 days. ' +
      'Looks at the newest 200,000 calls of the time asked for; calls without a valid token stand under the platform.',
  })
  @ApiOkResponse({ standardSchema: trailList })
  async list(@Req() request: FastifyRequest, @Query({ schema: trailQuery }) query: TrailQuery) {
    const { eventType, userId, limit, offset } = query;
    const filters = {
      ...timeOf(query),
      ...(eventType === undefined ? {} : { eventType }),
      ...(userId === undefined ? {} : { userId }),
    };
    const rows = await this.trail.newest(callerOf(request).tenantId, filters, offset, limit);
    return { data: rows.map(trailLineResponse) };
  }
}

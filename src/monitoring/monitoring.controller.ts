import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow } from '../auth/access.decorators';
import type { Principal } from '../auth/principal';
import { Caller, ReadRoute } from '../routing/routes';
import {
  frequentQueries,
  monitoringStats,
  slowQueries,
  type StatementQuery,
  statementQuery,
} from './monitoring.schemas';
import { MonitoringService } from './monitoring.service';

/** For operators of the platform, who see how the database is and nothing of what is in it. */
@ApiTags('monitoring')
@Controller('api/admin/monitoring')
@Allow('platform:admin')
export class MonitoringController {
  constructor(private readonly monitoring: MonitoringService) {}

  @Get('stats')
  @ReadRoute({
    summary: 'How the statements and the database are',
    description:
      'Statements of this process, measured at the driver from sending to the last row; then connections, locks, tables and indexes of the ' +
      'database. A part that this login may not see says `available: false`, why, and what to do about it.',
    ok: monitoringStats,
  })
  stats(@Caller() by: Principal) {
    return this.monitoring.stats(by);
  }

  @Get('slow-queries')
  @ReadRoute({
    summary: 'The slowest statements',
    description:
      'Executions of SLOW_QUERY_MS or longer among the last thousand such of this process, the slowest first. With ' +
      '`source=pg_stat_statements`, the statements whose longest execution took as long in any process; 503 where PostgreSQL does not count.',
    ok: slowQueries,
  })
  slowQueries(@Caller() by: Principal, @Query({ schema: statementQuery }) query: StatementQuery) {
    return this.monitoring.slowest(by, query);
  }

  @Get('frequent-queries')
  @ReadRoute({
    summary: 'The most frequent statements',
    description:
      'As pg_stat_statements has counted them in all processes, or this process alone where PostgreSQL does not count or ' +
      '`source=driver` asks for it; `source` of each says which.',
    ok: frequentQueries,
  })
  frequentQueries(@Caller() by: Principal, @Query({ schema: statementQuery }) query: StatementQuery) {
    return this.monitoring.mostFrequent(by, query);
  }
}

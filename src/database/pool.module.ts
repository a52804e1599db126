import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { DatabaseMetrics } from '../metrics/instruments/database-metrics';
import type { DatabaseAccess } from './access';
import { Pool } from './pool';

/** PostgreSQL cancels a statement at its time-out, and its word for that is on the way for a moment. */
const SLACK_MS = 2000;

/** The pool, for the unit of work and for TypeORM's data source alone: whoever imports this module could get past a tenant. */
@Module({})
export class PoolModule {
  static for(access: DatabaseAccess): DynamicModule {
    return {
      module: PoolModule,
      providers: [
        {
          provide: Pool,
          inject: [CONFIG, DatabaseMetrics],
          useFactory: (config: Config, metrics: DatabaseMetrics) => {
            metrics.statements.slowMs = config.SLOW_QUERY_MS;
            return new Pool(
              {
                client: access.runtime,
                max: config.DATABASE_POOL_MAX,
                acquireTimeoutMs: config.DATABASE_ACQUIRE_TIMEOUT_MS,
                silenceMs: config.DATABASE_STATEMENT_TIMEOUT_MS + SLACK_MS,
                maxAgeMs: config.DATABASE_CONNECTION_MAX_AGE_MS,
              },
              metrics,
            );
          },
        },
      ],
      exports: [Pool],
    };
  }
}

import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { Metrics } from '../metrics/metrics';
import type { DatabaseAccess } from './access';
import { Pool } from './pool';

/** The pool, for the unit of work and for TypeORM's data source alone: whoever imports this module could get past a tenant. */
@Module({})
export class PoolModule {
  static for(access: DatabaseAccess): DynamicModule {
    return {
      module: PoolModule,
      providers: [
        {
          provide: Pool,
          inject: [CONFIG, Metrics],
          useFactory: (config: Config, metrics: Metrics) =>
            new Pool(
              {
                client: access.runtime,
                max: config.DATABASE_POOL_MAX,
                acquireTimeoutMs: config.DATABASE_ACQUIRE_TIMEOUT_MS,
              },
              metrics,
            ),
        },
      ],
      exports: [Pool],
    };
  }
}

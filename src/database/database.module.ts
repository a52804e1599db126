import { type DynamicModule, Module } from '@nestjs/common';
import type { ClientConfig } from 'pg';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { Metrics } from '../metrics/metrics';
import type { DatabaseAccess } from './access';
import { DatabaseHealth } from './database-health';
import { Pool } from './pool';
import { MIGRATIONS, RETENTION_CONNECTION, RUNTIME_CONNECTION } from './tokens';
import { UnitOfWork } from './unit-of-work';

/** Exports the unit of work and a health check. The pool stays inside: nobody else can get a connection. */
@Module({})
export class DatabaseModule {
  static for(access: DatabaseAccess, migrations: readonly string[]): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
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
        { provide: RUNTIME_CONNECTION, useValue: access.runtime },
        { provide: RETENTION_CONNECTION, useValue: access.retention satisfies ClientConfig | undefined },
        { provide: MIGRATIONS, useValue: migrations },
        UnitOfWork,
        DatabaseHealth,
      ],
      exports: [UnitOfWork, DatabaseHealth, RETENTION_CONNECTION],
    };
  }
}

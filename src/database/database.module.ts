import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { ClientConfig } from 'pg';
import type { DatabaseAccess } from './access';
import { ChangeFeed } from './change-feed';
import { DatabaseHealth } from './database-health';
import { openOrm, ormOptions } from './orm/orm-data-source';
import { Pool } from './pool';
import { PoolModule } from './pool.module';
import { LISTENING_CONNECTION, MIGRATIONS, RETENTION_CONNECTION, RUNTIME_CONNECTION } from './tokens';
import { TenantScope } from './tenant-scope';
import { UnitOfWork } from './unit-of-work';
import { Workers } from './workers';

/** Exports the unit of work, TypeORM and a health check. The pool stays inside: nobody else can get a connection. */
@Module({})
export class DatabaseModule {
  static for(access: DatabaseAccess, migrations: readonly string[]): DynamicModule {
    const pool = PoolModule.for(access);
    return {
      module: DatabaseModule,
      global: true,
      imports: [pool, typeOrm(pool)],
      providers: [
        { provide: RUNTIME_CONNECTION, useValue: access.runtime },
        { provide: LISTENING_CONNECTION, useValue: access.listening ?? access.runtime },
        { provide: RETENTION_CONNECTION, useValue: access.retention satisfies ClientConfig | undefined },
        { provide: MIGRATIONS, useValue: migrations },
        ChangeFeed,
        TenantScope,
        UnitOfWork,
        DatabaseHealth,
        Workers,
      ],
      exports: [ChangeFeed, UnitOfWork, DatabaseHealth, Workers, RETENTION_CONNECTION],
    };
  }
}

/** Features name their entities with `TypeOrmModule.forFeature`. One try: whoever starts the server tries again. */
function typeOrm(pool: DynamicModule): DynamicModule {
  return TypeOrmModule.forRootAsync({
    imports: [pool],
    inject: [Pool],
    useFactory: (connections: Pool) => ({ ...ormOptions(connections), autoLoadEntities: true, retryAttempts: 0 }),
    dataSourceFactory: openOrm,
  });
}

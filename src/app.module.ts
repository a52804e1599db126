import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { LoggerModule } from 'nestjs-pino';
import { PunchesModule } from './attendance/punches/punches.module';
import { Ledger } from './audit/ledger';
import { AuthModule } from './auth/auth.module';
import { AuthenticationGuard } from './auth/authentication.guard';
import { CursorsModule } from './auth/cursors.module';
import { PermissionGuard } from './auth/permission.guard';
import type { Config } from './config/config';
import { ConfigModule } from './config/config.module';
import type { DatabaseAccess } from './database/access';
import { DatabaseModule } from './database/database.module';
import { DemoModule } from './demo/demo.module';
import { ProblemFilter } from './http/problem.filter';
import { SchemaPipe } from './http/schema.pipe';
import { IdempotencyModule } from './idempotency/idempotency.module';
import { Metrics } from './metrics/metrics';
import { AnonymousQuotaGuard } from './rate-limit/anonymous-quota.guard';
import { IpRulesGuard } from './rate-limit/ip-rules.guard';
import { QuotaGuard } from './rate-limit/quota.guard';
import { RateLimitModule } from './rate-limit/rate-limit.module';
import { RetentionModule } from './retention/retention.module';
import { TenantGuard } from './tenancy/tenant.guard';
import { WriteInterceptor } from './writes/write.interceptor';
import { WritesModule } from './writes/writes.module';

@Global()
@Module({ providers: [Metrics, Ledger], exports: [Metrics, Ledger] })
class Tmp {}

@Module({})
export class AppModule {
  static for(config: Config, access: DatabaseAccess, migrations: readonly string[]): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.for(config),
        Tmp,
        LoggerModule.forRoot({ pinoHttp: { level: config.LOG_LEVEL, autoLogging: false }, forRoutes: [] }),
        DatabaseModule.for(access, migrations),
        RateLimitModule,
        AuthModule,
        CursorsModule,
        IdempotencyModule,
        WritesModule,
        PunchesModule,
        RetentionModule,
        DemoModule,
      ],
      providers: [
        { provide: APP_GUARD, useClass: AnonymousQuotaGuard },
        { provide: APP_GUARD, useClass: AuthenticationGuard },
        { provide: APP_GUARD, useClass: IpRulesGuard },
        { provide: APP_GUARD, useClass: QuotaGuard },
        { provide: APP_GUARD, useClass: TenantGuard },
        { provide: APP_GUARD, useClass: PermissionGuard },
        { provide: APP_INTERCEPTOR, useClass: WriteInterceptor },
        { provide: APP_PIPE, useClass: SchemaPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}

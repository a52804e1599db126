import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { AdminModule } from './admin/admin.module';
import { AttendanceModule } from './attendance/attendance.module';
import { AuditInterceptor } from './audit/ledger/audit.interceptor';
import { AuditModule } from './audit/audit.module';
import { LedgerModule } from './audit/ledger/ledger.module';
import { AuthModule } from './auth/auth.module';
import { AuthenticationGuard } from './auth/authentication.guard';
import { PermissionGuard } from './auth/permission.guard';
import { TenantGuard } from './auth/tenant.guard';
import type { Config } from './config/config';
import { ConfigModule } from './config/config.module';
import type { DatabaseAccess } from './database/access';
import { DatabaseModule } from './database/database.module';
import { translated } from './database/failures';
import { DemoModule } from './demo/demo.module';
import { HealthModule } from './health/health.module';
import { DeadlineGuard } from './http/server/deadline.guard';
import { LifecycleModule } from './http/lifecycle/lifecycle.module';
import { LoggingModule } from './http/logging/logging.module';
import { FAILURE_TRANSLATOR, ProblemFilter } from './http/problems/problem.filter';
import { SchemaPipe } from './http/input/schema.pipe';
import { IdempotencyInterceptor } from './idempotency/idempotency.interceptor';
import { IdempotencyModule } from './idempotency/idempotency.module';
import { MetricsModule } from './metrics/metrics.module';
import { MonitoringModule } from './monitoring/monitoring.module';
import { productVersion } from './openapi-options';
import { IpRulesGuard } from './rate-limit/ip-rules.guard';
import { QuotaGuard } from './rate-limit/quota.guard';
import { RateLimitModule } from './rate-limit/rate-limit.module';
import { SignInQuotaGuard } from './rate-limit/sign-in-quota.guard';
import { RetentionModule } from './retention/retention.module';
import { CursorsModule } from './routing/cursors.module';
import { TenancyModule } from './tenancy/tenancy.module';
import { GenerateModule } from './tools/generate/generate.module';
import { WriteInterceptor } from './writes/write.interceptor';
import { WritesModule } from './writes/writes.module';

/**
 * The map: every room, and below it everything that a request meets, in that order. Before Nest sees a request, the server of
 * http/server/adapter.ts has given it an id, counted it, and refused what is malformed or too much, and AnonymousQuota has stopped a flood of
 * bad bodies and tokens before one of them is read.
 */
@Module({})
export class AppModule {
  static for(config: Config, access: DatabaseAccess, migrations: readonly string[]): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.for(config),
        MetricsModule.for(),
        LoggingModule.for(config),
        LifecycleModule,
        DatabaseModule.for(access, migrations),
        TenancyModule,
        LedgerModule,
        AuditModule,
        AuthModule,
        CursorsModule,
        RateLimitModule,
        IdempotencyModule,
        WritesModule,
        AttendanceModule,
        AdminModule,
        RetentionModule,
        HealthModule.for(productVersion),
        MonitoringModule,
        DemoModule,
        GenerateModule,
      ],
      providers: [
        { provide: APP_GUARD, useClass: SignInQuotaGuard }, // guesses are stopped before a password is checked
        { provide: APP_GUARD, useClass: AuthenticationGuard }, // who are you
        { provide: APP_GUARD, useClass: IpRulesGuard }, // may this address, by the rules of the tenant
        { provide: APP_GUARD, useClass: QuotaGuard }, // not too often
        { provide: APP_GUARD, useClass: TenantGuard }, // which tenant; fails closed
        { provide: APP_GUARD, useClass: PermissionGuard }, // may you
        { provide: APP_GUARD, useClass: DeadlineGuard }, // nothing is begun for somebody who has been given up
        { provide: APP_INTERCEPTOR, useClass: WriteInterceptor }, // performs the write that the handler describes
        { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor }, // once: a repetition gets the first answer
        { provide: APP_INTERCEPTOR, useClass: AuditInterceptor }, // with evidence, or not at all
        { provide: APP_PIPE, useClass: SchemaPipe }, // is the body valid; runs before the handler, inside the interceptors
        { provide: APP_FILTER, useClass: ProblemFilter }, // every refusal, in one form
        { provide: FAILURE_TRANSLATOR, useValue: translated },
      ],
    };
  }
}

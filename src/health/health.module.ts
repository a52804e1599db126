import { type DynamicModule, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { RateLimitModule } from '../rate-limit/rate-limit.module';
import { HealthController } from './health.controller';
import { ReadinessService } from './readiness';
import { VERSION } from './version';

/** What orchestrators and load balancers ask. */
@Module({})
export class HealthModule {
  static for(version: string): DynamicModule {
    return {
      module: HealthModule,
      imports: [TerminusModule.forRoot({ logger: false }), RateLimitModule],
      controllers: [HealthController],
      providers: [ReadinessService, { provide: VERSION, useValue: version }],
    };
  }
}

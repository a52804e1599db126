import { type DynamicModule, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController } from './health.controller';
import { MetricsController } from './metrics.controller';
import { ReadinessService } from './readiness';
import { VERSION } from './version';

/** What orchestrators, load balancers and Prometheus ask. */
@Module({})
export class HealthModule {
  static for(version: string): DynamicModule {
    return {
      module: HealthModule,
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController, MetricsController],
      providers: [ReadinessService, { provide: VERSION, useValue: version }],
    };
  }
}

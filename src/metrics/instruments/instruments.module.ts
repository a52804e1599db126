import { type DynamicModule, Module } from '@nestjs/common';
import { ApplicationRegistry } from './application-registry';
import { DatabaseMetrics } from './database-metrics';
import { DayMetrics } from './day-metrics';
import { HttpMetrics } from './http-metrics';
import { instruments } from './instruments';

/** An instrument for whoever counts something, in the registry that is given. */
@Module({})
export class InstrumentsModule {
  static for(registry: ApplicationRegistry): DynamicModule {
    const providers = [
      { provide: ApplicationRegistry, useValue: registry },
      ...instruments(registry),
      HttpMetrics,
      DatabaseMetrics,
      DayMetrics,
    ];
    return { module: InstrumentsModule, global: true, providers, exports: providers };
  }
}

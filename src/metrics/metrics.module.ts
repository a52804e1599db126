import { type DynamicModule, Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import type { Registry } from 'prom-client';
import { ApplicationRegistry } from './instruments/application-registry';
import { InstrumentsModule } from './instruments/instruments.module';
import { MetricsController } from './metrics.controller';

/** Gauges with the name of a counter, which promtool rightly refuses; the same numbers stand there by type. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** One registry for each application, its instruments, and the guarded page that Prometheus reads. */
@Module({})
export class MetricsModule {
  static for(): DynamicModule {
    const registry = new ApplicationRegistry();
    const page = PrometheusModule.register({
      path: '/', // The controller names its two paths itself.
      controller: MetricsController,
      defaultMetrics: { enabled: true, config: { register: registry as Registry } },
    });
    for (const name of misnamed) registry.removeSingleMetric(name);
    return { module: MetricsModule, imports: [InstrumentsModule.for(registry), page] };
  }
}

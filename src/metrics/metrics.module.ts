import { Global, Module } from '@nestjs/common';
import { Metrics } from './metrics';

/** Instruments for whoever counts something. The page that Prometheus reads is served by health/. */
@Global()
@Module({ providers: [Metrics], exports: [Metrics] })
export class MetricsModule {}

import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter, Gauge, Histogram } from 'prom-client';
import { ApplicationRegistry } from './application-registry';

/** What is counted of every request. */
@Injectable()
export class HttpMetrics {
  constructor(
    @InjectMetric('http_request_duration_seconds') readonly requests: Histogram<'method' | 'route' | 'status_code'>,
    @InjectMetric('http_requests_in_flight') readonly inFlight: Gauge,
    @InjectMetric('http_oldest_request_seconds') readonly oldest: Gauge,
    @InjectMetric('attendance_api_errors_total')
    readonly apiErrors: Counter<'route' | 'method' | 'status' | 'error_code'>,
    @InjectMetric('attendance_rate_limited_total') readonly rateLimited: Counter<'route' | 'method'>,
    @InjectMetric('errors_total') readonly errors: Counter<'error_type' | 'status_code'>,
    readonly registry: ApplicationRegistry,
  ) {}
}

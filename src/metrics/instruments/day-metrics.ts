import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter, Gauge, Histogram } from 'prom-client';

/** What is counted where days are computed, behind every punch. */
@Injectable()
export class DayMetrics {
  constructor(
    @InjectMetric('day_queue_oldest_seconds') readonly queueAge: Gauge,
    @InjectMetric('day_batch_duration_seconds') readonly batches: Histogram,
    @InjectMetric('work_dates_computed_total') readonly computed: Counter,
    @InjectMetric('work_dates_changed_total') readonly changed: Counter,
    @InjectMetric('day_computation_failures_total') readonly failures: Counter,
  ) {}
}

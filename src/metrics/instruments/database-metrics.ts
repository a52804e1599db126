import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter, Gauge, Histogram } from 'prom-client';
import { StatementStatistics } from './statement-statistics';

const queryTypes = ['select', 'insert', 'update', 'delete', 'transaction', 'other'] as const;

/** What is counted of every statement and of the pool. */
@Injectable()
export class DatabaseMetrics {
  readonly statements = new StatementStatistics();

  constructor(
    @InjectMetric('database_query_duration_seconds') readonly queries: Histogram<'query_type'>,
    @InjectMetric('database_exchanges_total') readonly exchanges: Counter,
    @InjectMetric('database_pool_connections') readonly connections: Gauge<'state'>,
    @InjectMetric('database_pool_waiting') readonly waiting: Gauge,
    @InjectMetric('database_pool_timeouts_total') readonly timeouts: Counter,
  ) {
    for (const query_type of queryTypes) queries.zero({ query_type });
    for (const state of ['used', 'free', 'max']) connections.set({ state }, 0);
  }
}

import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry, type RegistryContentType } from 'prom-client';
import { startKnownSeries } from './known-series';

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Every instrument of the product, in one registry of the application's own (the library's default one is shared by the
 * process). Labels take only values from closed sets or route templates: ten thousand ids must not make ten thousand series.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry<RegistryContentType>();
  private readonly registers = [this.registry as Registry];

  readonly httpRequests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Duration of HTTP requests by route template.',
    labelNames: ['method', 'route', 'status_code'] as const,
    buckets: seconds,
    registers: this.registers,
  });
  readonly httpInFlight = new Gauge({
    name: 'http_requests_in_flight',
    help: 'Requests being served now.',
    registers: this.registers,
  });
  readonly httpOldest = new Gauge({
    name: 'http_oldest_request_seconds',
    help: 'How long the oldest request in flight has been waiting for the first byte of its answer.',
    registers: this.registers,
  });
  readonly apiErrors = new Counter({
    name: 'attendance_api_errors_total',
    help: 'Answers of 400 and above by problem code.',
    labelNames: ['route', 'method', 'status', 'error_code'] as const,
    registers: this.registers,
  });
  readonly rateLimited = new Counter({
    name: 'attendance_rate_limited_total',
    help: 'Requests refused by a quota.',
    labelNames: ['route', 'method'] as const,
    registers: this.registers,
  });
  readonly errors = new Counter({
    name: 'errors_total',
    help: 'Errors by kind and status.',
    labelNames: ['error_type', 'status_code'] as const,
    registers: this.registers,
  });
  readonly databaseQueries = new Histogram({
    name: 'database_query_duration_seconds',
    help: 'Duration of statements, from sending to the last row, measured at the driver.',
    labelNames: ['query_type'] as const,
    buckets: [0.0005, ...seconds],
    registers: this.registers,
  });
  readonly databaseExchanges = new Counter({
    name: 'database_exchanges_total',
    help: 'Times the server waited for an answer of PostgreSQL.',
    registers: this.registers,
  });
  readonly poolConnections = new Gauge({
    name: 'database_pool_connections',
    help: 'Connections of the pool by state; state "max" is the bound.',
    labelNames: ['state'] as const,
    registers: this.registers,
  });
  readonly poolWaiting = new Gauge({
    name: 'database_pool_waiting',
    help: 'Callers waiting for a connection.',
    registers: this.registers,
  });
  readonly poolTimeouts = new Counter({
    name: 'database_pool_timeouts_total',
    help: 'Callers that waited too long for a connection.',
    registers: this.registers,
  });
  readonly idempotency = new Counter({
    name: 'idempotency_requests_total',
    help: 'Keyed writes by outcome.',
    labelNames: ['outcome'] as const, // executed | replayed | reused | in_use
    registers: this.registers,
  });
  readonly idempotencyErrors = new Counter({
    name: 'idempotency_errors_total',
    help: 'Failures of the key store by operation.',
    labelNames: ['op'] as const, // claim | store | cleanup
    registers: this.registers,
  });
  readonly auditEntries = new Counter({
    name: 'audit_entries_total',
    help: 'Entries committed to the ledger.',
    registers: this.registers,
  });
  readonly auditFailures = new Counter({
    name: 'audit_write_failures_total',
    help: 'Failed insertions: into the ledger (the write failed with it) or into the request trail (lost).',
    labelNames: ['trail'] as const, // ledger | requests
    registers: this.registers,
  });
  readonly auditPartitionsAhead = new Gauge({
    name: 'audit_partitions_ahead_seconds',
    help: 'Time until the first month for which the ledger has no partition.',
    registers: this.registers,
  });
  readonly trailLost = new Counter({
    name: 'operation_logs_lost_total',
    help: 'Lines of the request trail that could not be stored.',
    registers: this.registers,
  });
  readonly punchGroups = new Histogram({
    name: 'punch_group_size',
    help: 'Punches committed together.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
    registers: this.registers,
  });
  readonly punches = new Counter({
    name: 'punches_recorded_total',
    help: 'Punches recorded, by type and source.',
    labelNames: ['type', 'source'] as const,
    registers: this.registers,
  });
  readonly dayQueueAge = new Gauge({
    name: 'day_queue_oldest_seconds',
    help: 'How long the oldest mark has been waiting for its days to be computed.',
    registers: this.registers,
  });
  readonly dayBatches = new Histogram({
    name: 'day_batch_duration_seconds',
    help: 'Duration of one transaction that computes days.',
    buckets: seconds,
    registers: this.registers,
  });
  readonly daysComputed = new Counter({
    name: 'work_dates_computed_total',
    help: 'Work dates that were computed.',
    registers: this.registers,
  });
  readonly daysChanged = new Counter({
    name: 'work_dates_changed_total',
    help: 'Work dates whose record changed by a computation.',
    registers: this.registers,
  });
  readonly dayFailures = new Counter({
    name: 'day_computation_failures_total',
    help: 'Batches of days that could not be computed; they are tried again.',
    registers: this.registers,
  });
  readonly authAttempts = new Counter({
    name: 'auth_attempts_total',
    help: 'Sign-ins, refreshes and token checks by result.',
    labelNames: ['kind', 'result'] as const, // login | refresh | token ; success | failure
    registers: this.registers,
  });
  readonly tenantHeaderIgnored = new Counter({
    name: 'tenant_header_ignored_total',
    help: 'X-Tenant-Id headers of callers who may not choose a tenant.',
    registers: this.registers,
  });
  readonly jobRuns = new Counter({
    name: 'retention_runs_total',
    help: 'Runs of a retention policy by result.',
    labelNames: ['policy', 'result'] as const, // success | failure
    registers: this.registers,
  });
  readonly jobDeleted = new Counter({
    name: 'retention_deleted_rows_total',
    help: 'Rows deleted by a retention policy.',
    labelNames: ['policy'] as const,
    registers: this.registers,
  });
  readonly jobLastSuccess = new Gauge({
    name: 'retention_last_success_timestamp_seconds',
    help: 'When a retention policy last ran to its end.',
    labelNames: ['policy'] as const,
    registers: this.registers,
  });
  readonly ready = new Gauge({
    name: 'rollcall_ready',
    help: '1 while /ready answers 200, else 0.',
    registers: this.registers,
  });
  readonly databaseUp = new Gauge({
    name: 'rollcall_database_up',
    help: '1 while PostgreSQL answers, else 0.',
    registers: this.registers,
  });

  readonly workerFailing = new Gauge({
    name: 'rollcall_worker_failing',
    help: '1 while a worker behind the requests gets nothing done, else 0.',
    labelNames: ['worker'] as const, // days | imports | exports | retention | request-trail
    registers: this.registers,
  });

  private readonly refreshers: (() => unknown)[] = [];

  constructor() {
    collectDefaultMetrics({ register: this.registry as Registry });
    // Gauges with the name of a counter, which promtool rightly refuses; the same numbers stand there by type.
    for (const name of [
      'nodejs_active_handles_total',
      'nodejs_active_requests_total',
      'nodejs_active_resources_total',
    ]) {
      this.registry.removeSingleMetric(name);
    }
    startKnownSeries(this);
  }

  /** For gauges that are looked up rather than counted: `refresh` is awaited before a page is written. */
  beforePage(refresh: () => unknown): void {
    this.refreshers.push(refresh);
  }

  async refresh(): Promise<void> {
    await Promise.allSettled(this.refreshers.map((refresh) => Promise.resolve().then(refresh)));
  }
}

import type { Provider } from '@nestjs/common';
import { makeCounterProvider, makeGaugeProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { Registry } from 'prom-client';
import type { ApplicationRegistry } from './application-registry';

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Every instrument of the product, each a provider under its name: `@InjectMetric('punches_recorded_total')`. Labels take only
 * values from closed sets or route templates: ten thousand ids must not make ten thousand series. Made for each application
 * anew, because a provider that is made at import time would be shared by all applications of a process.
 */
export function instruments(registry: ApplicationRegistry): Provider[] {
  const registers = [registry as Registry];
  return [
    makeHistogramProvider({
      name: 'http_request_duration_seconds',
      help: 'Duration of HTTP requests by route template.',
      labelNames: ['method', 'route', 'status_code'],
      buckets: seconds,
      registers,
    }),
    makeGaugeProvider({
      name: 'http_requests_in_flight',
      help: 'Requests being served now.',
      registers,
    }),
    makeGaugeProvider({
      name: 'http_oldest_request_seconds',
      help: 'How long the oldest request in flight has been waiting for the first byte of its answer.',
      registers,
    }),
    makeCounterProvider({
      name: 'attendance_api_errors_total',
      help: 'Answers of 400 and above by problem code.',
      labelNames: ['route', 'method', 'status', 'error_code'],
      registers,
    }),
    makeCounterProvider({
      name: 'attendance_rate_limited_total',
      help: 'Requests refused by a quota.',
      labelNames: ['route', 'method'],
      registers,
    }),
    makeGaugeProvider({
      name: 'attendance_rate_limit_store_up',
      help: '1 while quotas are counted together with the other replicas, 0 while this process counts alone.',
      registers,
    }),
    makeCounterProvider({
      name: 'errors_total',
      help: 'Errors by kind and status.',
      labelNames: ['error_type', 'status_code'],
      registers,
    }),
    makeHistogramProvider({
      name: 'database_query_duration_seconds',
      help: 'Duration of statements, from sending to the last row, measured at the driver.',
      labelNames: ['query_type'],
      buckets: [0.0005, ...seconds],
      registers,
    }),
    makeCounterProvider({
      name: 'database_exchanges_total',
      help: 'Times the server waited for an answer of PostgreSQL.',
      registers,
    }),
    makeGaugeProvider({
      name: 'database_pool_connections',
      help: 'Connections of the pool by state; state "max" is the bound.',
      labelNames: ['state'],
      registers,
    }),
    makeGaugeProvider({
      name: 'database_pool_waiting',
      help: 'Callers waiting for a connection.',
      registers,
    }),
    makeCounterProvider({
      name: 'database_pool_timeouts_total',
      help: 'Callers that waited too long for a connection.',
      registers,
    }),
    makeCounterProvider({
      name: 'idempotency_requests_total',
      help: 'Keyed writes by outcome.',
      labelNames: ['outcome'], // executed | replayed | reused | in_use
      registers,
    }),
    makeCounterProvider({
      name: 'idempotency_errors_total',
      help: 'Failures of the key store by operation.',
      labelNames: ['op'], // claim | store | cleanup
      registers,
    }),
    makeCounterProvider({
      name: 'audit_entries_total',
      help: 'Entries committed to the ledger.',
      registers,
    }),
    makeCounterProvider({
      name: 'audit_write_failures_total',
      help: 'Failed insertions: into the ledger (the write failed with it) or into the request trail (lost).',
      labelNames: ['trail'], // ledger | requests
      registers,
    }),
    makeGaugeProvider({
      name: 'audit_partitions_ahead_seconds',
      help: 'Time until the first month for which the ledger has no partition.',
      registers,
    }),
    makeCounterProvider({
      name: 'operation_logs_lost_total',
      help: 'Lines of the request trail that could not be stored.',
      registers,
    }),
    makeHistogramProvider({
      name: 'punch_group_size',
      help: 'Punches committed together.',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
      registers,
    }),
    makeCounterProvider({
      name: 'punches_recorded_total',
      help: 'Punches recorded, by type and source.',
      labelNames: ['type', 'source'],
      registers,
    }),
    makeGaugeProvider({
      name: 'day_queue_oldest_seconds',
      help: 'How long the oldest mark has been waiting for its days to be computed.',
      registers,
    }),
    makeHistogramProvider({
      name: 'day_batch_duration_seconds',
      help: 'Duration of one transaction that computes days.',
      buckets: seconds,
      registers,
    }),
    makeCounterProvider({
      name: 'work_dates_computed_total',
      help: 'Work dates that were computed.',
      registers,
    }),
    makeCounterProvider({
      name: 'work_dates_changed_total',
      help: 'Work dates whose record changed by a computation.',
      registers,
    }),
    makeCounterProvider({
      name: 'day_computation_failures_total',
      help: 'Batches of days that could not be computed; they are tried again.',
      registers,
    }),
    makeCounterProvider({
      name: 'auth_attempts_total',
      help: 'Sign-ins, refreshes and token checks by result.',
      labelNames: ['kind', 'result'], // login | refresh | token ; success | failure
      registers,
    }),
    makeCounterProvider({
      name: 'tenant_scope_violations_total',
      help: 'Statements that found rows of another tenant than that of their transaction; their answers were withheld.',
      registers,
    }),
    makeCounterProvider({
      name: 'tenant_header_ignored_total',
      help: 'X-Tenant-Id headers of callers who may not choose a tenant.',
      registers,
    }),
    makeCounterProvider({
      name: 'retention_runs_total',
      help: 'Runs of a retention policy by result.',
      labelNames: ['policy', 'result'], // success | failure
      registers,
    }),
    makeCounterProvider({
      name: 'retention_deleted_rows_total',
      help: 'Rows deleted by a retention policy.',
      labelNames: ['policy'],
      registers,
    }),
    makeGaugeProvider({
      name: 'retention_last_success_timestamp_seconds',
      help: 'When a retention policy last ran to its end.',
      labelNames: ['policy'],
      registers,
    }),
    makeGaugeProvider({
      name: 'idempotency_table_bytes',
      help: 'Size of the idempotency keys with their indexes.',
      registers,
    }),
    makeGaugeProvider({
      name: 'idempotency_table_rows',
      help: 'Idempotency keys, an estimate of PostgreSQL.',
      registers,
    }),
    makeGaugeProvider({
      name: 'audit_table_bytes',
      help: 'Size of the ledger with its indexes, all months together.',
      registers,
    }),
    makeGaugeProvider({
      name: 'audit_table_rows',
      help: 'Entries of the ledger, an estimate of PostgreSQL.',
      registers,
    }),
    makeGaugeProvider({
      name: 'rollcall_ready',
      help: '1 while /ready answers 200, else 0.',
      registers,
    }),
    makeGaugeProvider({
      name: 'rollcall_database_up',
      help: '1 while PostgreSQL answers, else 0.',
      registers,
    }),
    makeGaugeProvider({
      name: 'rollcall_worker_failing',
      help: '1 while a worker behind the requests gets nothing done, else 0.',
      labelNames: ['worker'], // days | imports | exports | retention | request-trail
      registers,
    }),
    makeCounterProvider({
      name: 'terminal_unread_uploads_total',
      help: 'Uploads of terminals in tables that are not read here, by whether they could be kept for an operator.',
      labelNames: ['result'],
      registers,
    }),
    makeGaugeProvider({
      name: 'terminals_skewed',
      help: 'Terminals in use whose clock is wrong, over all tenants.',
      registers,
    }),
    makeGaugeProvider({
      name: 'terminals_silent',
      help: 'Terminals in use that have not called for an hour, over all tenants.',
      registers,
    }),
  ];
}

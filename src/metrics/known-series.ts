import type { Metrics } from './metrics';

const idempotencyOutcomes = ['executed', 'replayed', 'reused', 'in_use'] as const;
const keyStoreOperations = ['claim', 'store', 'cleanup'] as const;
const trails = ['ledger', 'requests'] as const;
const credentials = ['login', 'refresh', 'token'] as const;
const results = ['success', 'failure'] as const;
const queryTypes = ['select', 'insert', 'update', 'delete', 'transaction', 'other'] as const;

/**
 * Lets the series whose labels are known show a 0 from the start: a counter that appears with its first event has no value before it,
 * so `increase()` does not see that event. Rooms do the same for labels that only they know.
 */
export function startKnownSeries(metrics: Metrics): void {
  for (const outcome of idempotencyOutcomes) metrics.idempotency.inc({ outcome }, 0);
  for (const op of keyStoreOperations) metrics.idempotencyErrors.inc({ op }, 0);
  for (const trail of trails) metrics.auditFailures.inc({ trail }, 0);
  for (const kind of credentials) for (const result of results) metrics.authAttempts.inc({ kind, result }, 0);
  for (const query_type of queryTypes) metrics.databaseQueries.zero({ query_type });
  for (const state of ['used', 'free', 'max']) metrics.poolConnections.set({ state }, 0);
}

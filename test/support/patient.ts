/** On a busy machine a request takes as long as it takes. Who tests a time-out sets it, and has the others as they are. */
export function patient(environment: Record<string, string>): Record<string, string> {
  const bounds = {
    DATABASE_LOCK_TIMEOUT_MS: '10000',
    DATABASE_IDLE_TRANSACTION_TIMEOUT_MS: '60000',
    DATABASE_STATEMENT_TIMEOUT_MS: '60000',
    REQUEST_DEADLINE_MS: '120000',
  };
  const tested = Object.keys(bounds).some((name) => name in environment);
  return {
    DATABASE_ACQUIRE_TIMEOUT_MS: '60000',
    RATE_LIMIT_STORE_TIMEOUT_MS: '10000',
    ...(tested ? {} : bounds),
    ...environment,
  };
}

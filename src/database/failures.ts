import { Problem } from '../http/problems/problem';

/** What PostgreSQL says of a failed statement; only these members are read, never the values that it quotes. */
interface DatabaseFailure {
  readonly code: string;
  readonly constraint?: string;
}

function isDatabaseFailure(error: unknown): error is DatabaseFailure & Error {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code)
  );
}

/** The constraint that a statement broke, or undefined when it failed otherwise. */
function brokenConstraint(error: unknown): string | undefined {
  return isDatabaseFailure(error) && error.code.startsWith('23') ? error.constraint : undefined;
}

/** Turns a broken constraint into the refusal that the caller deserves; every other failure goes on as it is. */
export async function refusing<T>(work: Promise<T>, refusals: Readonly<Record<string, () => Problem>>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const refusal = refusals[brokenConstraint(error) ?? ''];
    throw refusal ? refusal() : error;
  }
}

const retryLater = { 'Retry-After': '1' };

/** Raised by the database itself, whatever the path: see refuse_closed_days() in the migrations. */
export function periodClosed(): Problem {
  return new Problem(
    'period_closed',
    'This date lies in a closed pay period and stays as it was paid. Book the difference as an adjustment, or have the period reopened.',
  );
}

/**
 * The problem for a failure of the database. The message of the driver stays in `cause`, which only the log
 * sees, stripped to its SQLSTATE: it may quote the values of a row.
 */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (!isDatabaseFailure(error)) {
    const lost = error instanceof Error && /ECONN|EPIPE|terminated|not queryable|connection/i.test(error.message);
    return lost
      ? new Problem('database_unavailable', 'The database cannot be reached.', { headers: retryLater, cause: error })
      : new Problem('internal_error', 'Something went wrong on our side.', { cause: error });
  }
  if (error.constraint === 'period_closed') return periodClosed();
  const cause = new Error(`SQLSTATE ${error.code}${error.constraint ? ` (${error.constraint})` : ''}`);
  cause.stack = error.stack?.replace(error.message, cause.message);
  switch (error.code) {
    case '55P03': // lock_not_available
    case '40P01': // deadlock_detected
    case '40001': // serialization_failure
      return new Problem('service_unavailable', 'Somebody else is changing the same data. Try again.', {
        headers: retryLater,
        cause,
      });
    case '57014': // query_canceled
    case '25P03': // idle_in_transaction_session_timeout
      return new Problem('deadline_exceeded', 'The database took too long. Try again, or ask for less.', {
        headers: retryLater,
        cause,
      });
    case '53100': // disk_full
    case '53200': // out_of_memory
    case '53300': // too_many_connections
    case '57P01': // admin_shutdown
    case '57P02': // crash_shutdown
    case '57P03': // cannot_connect_now
    case '08000':
    case '08003':
    case '08006':
    case '25006': // read_only_sql_transaction: a standby
      return new Problem('database_unavailable', 'The database cannot do that now. Try again.', {
        headers: retryLater,
        cause,
      });
    default:
      return new Problem('internal_error', 'Something went wrong on our side.', { cause });
  }
}

/** Kind and cause of a failure, for the log: `database_unavailable: connect ECONNREFUSED 127.0.0.1:5432`. Never the values of a row. */
export function describeFailure(error: unknown): string {
  const { code, detail, extras } = asProblem(error);
  return `${code}: ${messageOf(extras.cause) ?? detail}`;
}

/** Of several addresses that were tried, what the first of them said: the driver's own summary is empty. */
function messageOf(cause: unknown): string | undefined {
  if (cause instanceof AggregateError) return messageOf(cause.errors[0]);
  return cause instanceof Error && cause.message !== '' ? cause.message : undefined;
}

/** For the filter of last resort: failures of the database become problems, everything else is returned as it came. */
export function translated(error: unknown): unknown {
  const problem = asProblem(error);
  return problem.code === 'internal_error' && problem.extras.cause === error ? error : problem;
}

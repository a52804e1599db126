import type { Config } from '../config/config';
import { statement, type Statement } from '../database/statement';

/** What is deleted when, or made ahead. Each policy runs by itself: one that fails leaves the others to run. */
export interface RetentionPolicy {
  /** Label of the metrics and of retention_runs. */
  readonly name: string;
  /** Begins the log line of a successful run: operators search for it. */
  readonly title: string;
  /** Runs until it touches less than a full batch; a policy without batches runs once. */
  readonly batched: boolean;
  /** `$1` is what `bound` says, `$2` (of batched ones) the size of a batch. Answers one row, `n`: how many were touched. */
  readonly statement: Statement;
  /** How many rows a run would delete now: one row, `n`, of `$1` alone. Missing where nothing is deleted. */
  readonly count?: Statement;
  /** The bound of a run at `asOf`, or undefined where the policy is switched off. */
  bound(asOf: Date, config: Config): string | undefined;
}

/** As long as an address counts as known: see signs_in_from() in the migrations. */
const SIGN_IN_ADDRESS_DAYS = 30;
const dayMs = 86_400_000;
const daysBefore = (asOf: Date, days: number) =>
  days === 0 ? undefined : new Date(asOf.getTime() - days * dayMs).toISOString();

/**
 * The whole of it, in one table. Row-level security is the second lock on each door: the retention role sees nothing but
 * expired keys, expired tokens and trail older than a day, whatever a statement or a wrong clock asks for.
 *
 * No VACUUM: only the owner of a table may, and this login owns nothing. Autovacuum does it.
 */
export const retentionPolicies: readonly RetentionPolicy[] = [
  {
    name: 'idempotency_keys',
    title: 'Idempotency cleanup',
    batched: true,
    statement: deleting('idempotency_keys', 'expires_at < $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED'),
    count: counting('idempotency_keys', 'expires_at'),
    bound: (asOf) => asOf.toISOString(),
  },
  {
    name: 'refresh_tokens',
    title: 'Session cleanup',
    batched: true,
    statement: deleting('refresh_tokens', 'expires_at < $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED'),
    count: counting('refresh_tokens', 'expires_at'),
    bound: (asOf, config) => daysBefore(asOf, config.RETENTION_EXPIRED_SESSION_DAYS),
  },
  {
    name: 'sign_in_addresses',
    title: 'Sign-in address cleanup',
    batched: true,
    statement: deleting('sign_in_addresses', 'signed_in_at < $1 ORDER BY signed_in_at LIMIT $2 FOR UPDATE SKIP LOCKED'),
    count: counting('sign_in_addresses', 'signed_in_at'),
    bound: (asOf) => daysBefore(asOf, SIGN_IN_ADDRESS_DAYS),
  },
  {
    name: 'operation_logs',
    title: 'Request trail cleanup',
    batched: true,
    // Never updated, so nothing to wait for; unordered, because its block-range index has no order to offer.
    statement: deleting('operation_logs', 'created_at < $1 LIMIT $2'),
    count: counting('operation_logs', 'created_at'),
    bound: (asOf, config) => daysBefore(asOf, config.RETENTION_REQUEST_TRAIL_DAYS),
  },
  {
    name: 'import_files',
    title: 'Import file cleanup',
    batched: false,
    statement: deletingFiles('import_files', 'import_files', 'import_file_pieces', 'file_id'),
    count: counting('import_files', 'expires_at'),
    bound: (asOf) => asOf.toISOString(),
  },
  {
    name: 'export_files',
    title: 'Export file cleanup',
    batched: false,
    statement: deletingFiles('export_files', 'export_jobs', 'export_file_pieces', 'job_id'),
    count: counting('export_jobs', 'expires_at'),
    bound: (asOf) => asOf.toISOString(),
  },
  {
    name: 'audit_partitions',
    title: 'Audit partitions ahead',
    batched: false,
    statement: statement('retention.audit_partitions', 'SELECT ensure_audit_partitions($1::integer) AS n'),
    bound: () => '12',
  },
];

function counting(table: string, column: string): Statement {
  return statement(`retention.count_${table}`, `SELECT count(*)::integer AS n FROM ${table} WHERE ${column} < $1`);
}

function deleting(table: string, which: string): Statement {
  return statement(
    `retention.${table}`,
    `WITH gone AS (DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${which})) RETURNING 1)
     SELECT count(*)::integer AS n FROM gone`,
  );
}

/** Deletes expired files with their pieces. */
function deletingFiles(name: string, table: string, pieces: string, key: string): Statement {
  return statement(
    `retention.${name}`,
    `WITH gone AS (DELETE FROM ${table} WHERE expires_at < $1 RETURNING tenant_id, id),
     pieces AS (DELETE FROM ${pieces} p USING gone g WHERE p.tenant_id = g.tenant_id AND p.${key} = g.id)
     SELECT count(*)::integer AS n FROM gone`,
  );
}

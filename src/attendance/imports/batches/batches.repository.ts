import { Injectable } from '@nestjs/common';
import { statement } from '../../../database/statement';
import type { Transaction } from '../../../database/transaction';
import { batchColumns, type BatchOptions, type BatchRow, type BatchStatus } from './import-batch';
import type { LoadCounts } from '../loading/load-punches';
import type { RowFault } from '../loading/row-fault';

const find = statement(
  'imports.batch',
  `SELECT ${batchColumns} FROM import_batches b WHERE b.tenant_id = $1 AND b.id = $2`,
);
const byKey = statement(
  'imports.batch_by_key',
  `SELECT ${batchColumns} FROM import_batches b WHERE b.tenant_id = $1 AND b.idempotency_key = $2`,
);
const lockCommits = statement(
  'imports.lock_commits',
  `SELECT pg_advisory_xact_lock(hashtextextended('import commits of ' || $1::text, 0))`,
);
const lock = statement(
  'imports.lock_batch',
  `SELECT ${batchColumns} FROM import_batches b WHERE b.tenant_id = $1 AND b.id = $2 FOR NO KEY UPDATE`,
);
const insert = statement(
  'imports.insert_batch',
  `INSERT INTO import_batches (tenant_id, id, file_id, file_name, idempotency_key, options, status, created_by, file_sha256)
   VALUES ($1, $2, $3, $4, $5, $6::json, $7, $8, $9)`,
);
const page = statement(
  'imports.batches',
  `SELECT ${batchColumns} FROM import_batches b WHERE b.tenant_id = $1 AND ($2::text IS NULL OR b.status = $2) AND b.id < $3::uuid
   ORDER BY b.id DESC LIMIT $4`,
);
const add = statement(
  'imports.add_progress',
  `UPDATE import_batches SET rows_done = rows_done + $4, created_count = created_count + $5, skipped_count = skipped_count + $6,
     rejected_count = rejected_count + $7, quarantined_count = quarantined_count + $8, updated_count = updated_count + $9,
     conflict_count = conflict_count + $10, version = version + 1
   WHERE tenant_id = $1 AND id = $2 AND token = $3 AND status = 'running'`,
);
const settle = statement(
  'imports.settle',
  `UPDATE import_batches SET status = $3, error = $4, finished_at = now(), lease_until = NULL,
     rows_total = CASE WHEN $3 = 'completed' THEN rows_done ELSE rows_total END, version = version + 1
   WHERE tenant_id = $1 AND id = $2 AND ($5::bigint IS NULL OR token = $5) AND status = ANY ($6::text[])`,
);
const setTotal = statement(
  'imports.set_total',
  'UPDATE import_batches SET rows_total = $3 WHERE tenant_id = $1 AND id = $2 AND rows_total IS NULL',
);
const beginRollback = statement(
  'imports.begin_rollback',
  `UPDATE import_batches SET status = 'rolling_back', finished_at = NULL, lease_until = NULL, version = version + 1 WHERE tenant_id = $1 AND id = $2`,
);
const errors = statement(
  'imports.errors',
  `SELECT line::int AS line, column_name AS "column", value, code, detail FROM import_row_errors
   WHERE tenant_id = $1 AND batch_id = $2 ORDER BY line, n LIMIT $3`,
);

const errorsAfter = statement(
  'imports.errors_after',
  `SELECT e.line::int AS line, e.n, e.column_name AS "column", e.value, e.code, e.detail FROM import_row_errors e
   WHERE e.tenant_id = $1 AND e.batch_id = $2 AND (e.line, e.n) > ($3::bigint, $4::smallint) ORDER BY e.line, e.n LIMIT $5`,
);

interface NewBatch {
  readonly id: string;
  readonly fileId: string;
  readonly fileName: string;
  readonly sha256: Buffer;
  readonly key: string | undefined;
  readonly options: BatchOptions;
  readonly status: BatchStatus;
  readonly by: string;
}

/** Import batches. A batch is its own job: only the holder of its newest token writes it. */
@Injectable()
export class BatchesRepository {
  find(tx: Transaction, id: string): Promise<BatchRow | undefined> {
    return tx.row<BatchRow>(find, [tx.tenantId, id]);
  }

  findByKey(tx: Transaction, key: string): Promise<BatchRow | undefined> {
    return tx.row<BatchRow>(byKey, [tx.tenantId, key]);
  }

  /** The batch that has the key, if there is one, once no other commit of the tenant runs. */
  async lockCommits(tx: Transaction, key: string | undefined): Promise<BatchRow | undefined> {
    this.awaitCommits(tx);
    return key === undefined ? undefined : this.findByKey(tx, key);
  }

  /**
   * From here on to their end, the commits of a tenant and the chunks of its jobs run one after the other, in whichever processes: two at
   * once would not see that they have the same key, or the same punches under two keys. Sent, not awaited.
   */
  awaitCommits(tx: Transaction): void {
    tx.run(lockCommits, [tx.tenantId]).catch(() => undefined);
  }

  lock(tx: Transaction, id: string): Promise<BatchRow | undefined> {
    return tx.row<BatchRow>(lock, [tx.tenantId, id]);
  }

  page(tx: Transaction, status: string | undefined, below: string, limit: number): Promise<BatchRow[]> {
    return tx.rows<BatchRow>(page, [tx.tenantId, status ?? null, below, limit]);
  }

  async insert(tx: Transaction, { id, fileId, fileName, sha256, key, options, status, by }: NewBatch): Promise<void> {
    const values = [tx.tenantId, id, fileId, fileName, key ?? null, JSON.stringify(options), status, by, sha256];
    await tx.run(insert, values);
  }

  /** False when the batch is no longer ours: cancelled, or taken over by another process. */
  async addProgress(tx: Transaction, id: string, token: string, rows: number, counts: LoadCounts): Promise<boolean> {
    const { created, updated, skipped, conflicts, rejected, quarantined } = counts;
    const values = [tx.tenantId, id, token, rows, created, skipped, rejected, quarantined, updated, conflicts];
    return (await tx.run(add, values)) === 1;
  }

  /** Ends a batch that is in one of the states `from`; with a token, only if the token is the newest. */
  async updateStatus(
    tx: Transaction,
    id: string,
    to: BatchStatus,
    from: readonly BatchStatus[],
    options: { readonly token?: string; readonly error?: string } = {},
  ): Promise<boolean> {
    const { token, error } = options;
    return (await tx.run(settle, [tx.tenantId, id, to, error ?? null, token ?? null, from])) === 1;
  }

  async setTotal(tx: Transaction, id: string, rows: number): Promise<void> {
    await tx.run(setTotal, [tx.tenantId, id, rows]);
  }

  async beginRollback(tx: Transaction, id: string): Promise<void> {
    await tx.run(beginRollback, [tx.tenantId, id]);
  }

  /** The faults after the n-th fault of a line, in order. */
  errorsAfter(tx: Transaction, id: string, line: number, n: number, limit: number) {
    tx.forceIndexPlans();
    return tx.rows<RowFault & { n: number } & Record<string, unknown>>(errorsAfter, [tx.tenantId, id, line, n, limit]);
  }

  errors(tx: Transaction, id: string, limit: number): Promise<(RowFault & Record<string, unknown>)[]> {
    return tx.rows(errors, [tx.tenantId, id, limit]);
  }
}

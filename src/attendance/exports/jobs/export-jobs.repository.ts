import { Injectable } from '@nestjs/common';
import { statement } from '../../../database/statement';
import type { PageBounds } from '../../../http/paging/cursor';
import type { Transaction } from '../../../database/transaction';
import type { ExportQuery } from '../export.schemas';
import type { LeftOut } from '../layouts/layout-lines';
import { exportJobColumns, type ExportJobRow, type ExportJobStatus } from './export-job';

const insert = statement(
  'exports.insert_job',
  `INSERT INTO export_jobs AS j (tenant_id, id, query, created_by) VALUES ($1, $2, $3::json, $4) RETURNING ${exportJobColumns}`,
);
const find = statement(
  'exports.job',
  `SELECT ${exportJobColumns} FROM export_jobs j WHERE j.tenant_id = $1 AND j.id = $2`,
);
const lock = statement(
  'exports.lock_job',
  `SELECT ${exportJobColumns} FROM export_jobs j WHERE j.tenant_id = $1 AND j.id = $2 FOR NO KEY UPDATE`,
);
const page = statement(
  'exports.jobs',
  `SELECT ${exportJobColumns} FROM export_jobs j WHERE j.tenant_id = $1 AND ($2::uuid IS NULL OR j.created_by = $2) AND j.id < $3::uuid
   ORDER BY j.id DESC LIMIT $4`,
);
const oneAtATime = statement(
  'exports.one_at_a_time',
  `SELECT pg_advisory_xact_lock(hashtextextended('export jobs of ' || $1::text, 0))`,
);
const unfinished = statement(
  'exports.unfinished',
  `SELECT count(*)::int AS n FROM export_jobs j WHERE j.tenant_id = $1 AND j.status IN ('queued', 'running')`,
);
// With its bytes, so that whoever asks sees it grow.
const grow = statement(
  'exports.grow',
  `UPDATE export_jobs SET bytes = bytes + $4
   WHERE tenant_id = $1 AND id = $2 AND token = $3 AND status = 'running'`,
);
const begin = statement(
  'exports.begin',
  `UPDATE export_jobs SET bytes = 0, unit_id = $4 WHERE tenant_id = $1 AND id = $2 AND token = $3 AND status = 'running'`,
);
const putPiece = statement(
  'exports.put_piece',
  'INSERT INTO export_file_pieces (tenant_id, job_id, token, n, piece) VALUES ($1, $2, $3, $4, $5)',
);
const dropPieces = statement(
  'exports.drop_pieces',
  'DELETE FROM export_file_pieces WHERE tenant_id = $1 AND job_id = $2 AND token <> $3',
);
const readPiece = statement(
  'exports.read_piece',
  'SELECT piece FROM export_file_pieces WHERE tenant_id = $1 AND job_id = $2 AND token = $3 AND n = $4',
);
const settle = statement(
  'exports.settle',
  `UPDATE export_jobs SET status = $4, file_name = $5, sha256 = decode($6, 'hex'), error = $7, left_out = $8::json, finished_at = now(), lease_until = NULL,
     expires_at = now() + interval '24 hours'
   WHERE tenant_id = $1 AND id = $2 AND ($3::bigint IS NULL OR token = $3) AND status IN ('queued', 'running', 'completed', 'failed')`,
);

/** How a job ends. */
export interface ExportEnd {
  readonly status: ExportJobStatus;
  readonly fileName?: string;
  readonly sha256?: string;
  readonly error?: string;
  readonly leftOut?: readonly LeftOut[];
}

/** Export jobs of one tenant, and the pieces of their files. Whoever holds the token of a job writes it, and nobody else. */
@Injectable()
export class ExportJobsRepository {
  async insert(tx: Transaction, id: string, query: ExportQuery, by: string): Promise<ExportJobRow> {
    const row = await tx.row<ExportJobRow>(insert, [tx.tenantId, id, JSON.stringify(query), by]);
    if (!row) throw new Error('An export job was not stored');
    return row;
  }

  find(tx: Transaction, id: string): Promise<ExportJobRow | undefined> {
    return tx.row<ExportJobRow>(find, [tx.tenantId, id]);
  }

  lock(tx: Transaction, id: string): Promise<ExportJobRow | undefined> {
    return tx.row<ExportJobRow>(lock, [tx.tenantId, id]);
  }

  page(tx: Transaction, createdBy: string | null, { after, limit }: PageBounds): Promise<ExportJobRow[]> {
    return tx.rows<ExportJobRow>(page, [tx.tenantId, createdBy, ...after, limit]);
  }

  /** Nobody else of the tenant begins a job until this transaction ends, or two would take the last place. */
  async unfinished(tx: Transaction): Promise<number> {
    tx.run(oneAtATime, [tx.tenantId]).catch(() => undefined);
    return (await tx.row<{ n: number }>(unfinished, [tx.tenantId]))?.n ?? 0;
  }

  /** What an attempt before this one left goes; the rows are of `unitId`, or with null of the tenant. False when the job is no longer ours. */
  async begin(tx: Transaction, id: string, token: string, unitId: string | null): Promise<boolean> {
    tx.run(dropPieces, [tx.tenantId, id, token]).catch(() => undefined);
    return (await tx.run(begin, [tx.tenantId, id, token, unitId])) === 1;
  }

  /** Stores a piece; false when the job is no longer ours: cancelled, or taken over by another process. */
  async put(tx: Transaction, id: string, token: string, n: number, piece: Buffer): Promise<boolean> {
    tx.run(putPiece, [tx.tenantId, id, token, n, piece]).catch(() => undefined);
    return (await tx.run(grow, [tx.tenantId, id, token, piece.length])) === 1;
  }

  async piece(tx: Transaction, id: string, token: string, n: number): Promise<Buffer | undefined> {
    return (await tx.row<{ piece: Buffer }>(readPiece, [tx.tenantId, id, token, n]))?.piece;
  }

  /** Ends a job; with a token, only for whoever holds it. A cancelled one stays cancelled. */
  async settle(tx: Transaction, id: string, token: string | null, to: ExportEnd): Promise<boolean> {
    const { status, fileName, sha256, error, leftOut } = to;
    const left = leftOut === undefined ? null : JSON.stringify(leftOut);
    const values = [tx.tenantId, id, token, status, fileName ?? null, sha256 ?? null, error ?? null, left];
    return (await tx.run(settle, values)) === 1;
  }

  /** All pieces of a job. */
  async drop(tx: Transaction, id: string): Promise<void> {
    await tx.run(dropPieces, [tx.tenantId, id, -1]);
  }
}

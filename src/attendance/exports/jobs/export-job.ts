import type { ExportQuery } from '../export.schemas';
import type { LeftOut } from '../layouts/layout-lines';

export const exportJobStatuses = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;
export type ExportJobStatus = (typeof exportJobStatuses)[number];

/** A row of `export_jobs`. `bytes` comes as a text: there may be more than an integer holds. */
export interface ExportJobRow extends Record<string, unknown> {
  id: string;
  query: ExportQuery;
  status: ExportJobStatus;
  file_name: string | null;
  bytes: string;
  sha256: string | null;
  error: string | null;
  left_out: LeftOut[] | null;
  token: string;
  created_by: string;
  unit_id: string | null;
  created_at: Date;
  finished_at: Date | null;
  expires_at: Date;
}

export const exportJobColumns = `j.id, j.query, j.status, j.file_name, j.bytes::text, encode(j.sha256, 'hex') AS sha256, j.error, j.left_out, j.token::text,
  j.created_by, j.unit_id, j.created_at, j.finished_at, j.expires_at, j.tenant_id AS row_tenant`;

/** As the API shows it; `download` is where the file is, once it is whole. */
export function shownExportJob(row: ExportJobRow, download: string | undefined): Record<string, unknown> {
  return {
    id: row.id,
    status: row.status,
    query: row.query,
    bytes: Number(row.bytes),
    ...(row.file_name === null ? {} : { fileName: row.file_name }),
    ...(row.sha256 === null ? {} : { sha256: row.sha256 }),
    ...(download === undefined ? {} : { download }),
    ...(row.left_out === null ? {} : { leftOut: row.left_out }),
    ...(row.error === null ? {} : { error: row.error }),
    createdBy: row.created_by,
    createdAt: row.created_at,
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at }),
    expiresAt: row.expires_at,
  };
}

export const batchStatuses = [
  'queued',
  'running',
  'completed',
  'failed',
  'cancelled',
  'rolling_back',
  'rolled_back',
] as const;
export type BatchStatus = (typeof batchStatuses)[number];

/** A row of `import_batches`. Counts come as texts: there may be more than an integer holds. */
export interface BatchRow extends Record<string, unknown> {
  id: string;
  file_id: string;
  file_name: string;
  /** Hexadecimal; null for old batches, which did not store it. */
  file_sha256: string | null;
  options: BatchOptions;
  status: BatchStatus;
  rows_done: string;
  rows_total: string | null;
  created_count: string;
  updated_count: string;
  skipped_count: string;
  conflict_count: string;
  rejected_count: string;
  quarantined_count: string;
  error: string | null;
  started_at: Date | null;
  finished_at: Date | null;
  version: number;
  created_at: Date;
  created_by: string;
}

/** What happens to existing punches that a row contradicts: they stay, or they are replaced, which a rollback reverts. */
export const importModes = ['skip', 'override'] as const;
type ImportMode = (typeof importModes)[number];

/** How the file of a batch is read. */
export interface BatchOptions {
  readonly kind: 'punches' | 'days';
  /** Old batches have none, and mean `skip`. */
  readonly mode?: ImportMode;
  readonly timeZone: string;
  readonly mapping: unknown;
}

export const batchColumns = `b.id, b.file_id, b.file_name, encode(b.file_sha256, 'hex') AS file_sha256, b.options, b.status, b.rows_done::text, b.rows_total::text, b.created_count::text,
  b.updated_count::text, b.skipped_count::text, b.conflict_count::text, b.rejected_count::text, b.quarantined_count::text, b.error, b.started_at, b.finished_at, b.version, b.created_at, b.created_by, b.tenant_id AS row_tenant`;

/** A batch as a job: its progress, and how long it will take at this rate. */
export function jobResponse(row: BatchRow, now = Date.now()): Record<string, unknown> {
  const done = Number(row.rows_done);
  const total = row.rows_total === null ? undefined : Number(row.rows_total);
  const until = row.finished_at?.getTime() ?? now;
  const seconds = row.started_at === null ? 0 : Math.max(0.001, (until - row.started_at.getTime()) / 1000);
  const rate = seconds === 0 ? 0 : Math.round(done / seconds);
  const left = total !== undefined && rate > 0 ? Math.ceil(Math.max(0, total - done) / rate) : undefined;
  const secondsLeft = row.finished_at === null && left !== undefined ? { secondsLeft: left } : {};
  return {
    id: row.id,
    batchId: row.id,
    fileName: row.file_name,
    status: row.status,
    progress: { done, ...(total === undefined ? {} : { total }), rowsPerSecond: rate, ...secondsLeft },
    counts: countsOf(row),
    reading: row.options,
    ...(row.error === null ? {} : { error: row.error }),
    createdBy: row.created_by,
    createdAt: row.created_at,
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at }),
  };
}

export function countsOf(row: BatchRow): Record<string, number> {
  return {
    create: Number(row.created_count),
    update: Number(row.updated_count),
    skip: Number(row.skipped_count),
    conflict: Number(row.conflict_count),
    reject: Number(row.rejected_count),
    quarantine: Number(row.quarantined_count),
  };
}

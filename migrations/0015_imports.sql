-- Up Migration
-- Files that are uploaded, how they are read, the batches that load them, and what is needed to take a batch back.

-- Files in pieces: replicas share nothing but this database. Deleted by retention.
CREATE TABLE import_files (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  file_name text NOT NULL,
  bytes bigint NOT NULL,
  sha256 bytea NOT NULL,
  detected json NOT NULL,
  uploaded_by uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL DEFAULT now() + interval '7 days',
  CONSTRAINT import_files_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT import_files_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT
);
CREATE INDEX import_files_expiry ON import_files (expires_at);
CREATE TABLE import_file_pieces (
  tenant_id uuid NOT NULL,
  file_id uuid NOT NULL,
  n integer NOT NULL,
  piece bytea NOT NULL,
  CONSTRAINT import_file_pieces_pkey PRIMARY KEY (tenant_id, file_id, n)
);
-- At this speed PostgreSQL cannot compress what the file of a terminal holds; not trying is faster.
ALTER TABLE import_file_pieces ALTER COLUMN piece SET STORAGE EXTERNAL;
SELECT protect_tenant_table('import_files', 'INSERT (tenant_id, id, file_name, bytes, sha256, detected, uploaded_by)');
SELECT protect_tenant_table('import_file_pieces', 'INSERT (tenant_id, file_id, n, piece)');
-- An expired file goes with its pieces, one file at a time.
CREATE POLICY import_files_expired ON import_files TO rollcall_retention USING (expires_at < now());
CREATE POLICY import_file_pieces_expired ON import_file_pieces TO rollcall_retention USING (true);
GRANT SELECT, DELETE, UPDATE (expires_at) ON import_files TO rollcall_retention;
GRANT SELECT (tenant_id, file_id, n), DELETE ON import_file_pieces TO rollcall_retention;

-- How files of one kind are read, said once: which column means what, in which zone, and by which header such a file is known again.
CREATE TABLE import_profiles (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  name text NOT NULL,
  kind text NOT NULL,
  mapping json NOT NULL,
  time_zone text,
  -- The header as written, its keys without regard to spelling, and the digest of those in their order.
  columns json NOT NULL,
  headings text[] NOT NULL,
  signature text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by uuid NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT import_profiles_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT import_profiles_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  CONSTRAINT import_profiles_kind_known CHECK (kind IN ('punches', 'days'))
);
-- Nobody who says a name thinks of capitals. Compared by bytes, so that pages follow one order on every machine.
CREATE UNIQUE INDEX import_profiles_name_unique ON import_profiles (tenant_id, (lower(name) COLLATE "C"));
CREATE INDEX import_profiles_signature ON import_profiles (tenant_id, signature);
SELECT protect_tenant_table('import_profiles', $$
  INSERT (tenant_id, name, kind, mapping, time_zone, columns, headings, signature, created_by),
  UPDATE (name, kind, mapping, time_zone, columns, headings, signature, version, updated_at),
  DELETE$$);

-- A batch is its own job: claimed by one process at a time, with a token that only grows, resumed behind its last chunk.
CREATE TABLE import_batches (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  file_id uuid NOT NULL,
  file_name text NOT NULL,
  -- A key stands for one file. The file itself is kept for seven days, its key and hash for ever.
  idempotency_key text,
  file_sha256 bytea,
  options json NOT NULL,
  status text NOT NULL,
  -- Rows of the file that are done, of how many; what became of them.
  rows_done bigint NOT NULL DEFAULT 0,
  rows_total bigint,
  created_count bigint NOT NULL DEFAULT 0,
  skipped_count bigint NOT NULL DEFAULT 0,
  rejected_count bigint NOT NULL DEFAULT 0,
  quarantined_count bigint NOT NULL DEFAULT 0,
  updated_count bigint NOT NULL DEFAULT 0,
  conflict_count bigint NOT NULL DEFAULT 0,
  error text,
  token bigint NOT NULL DEFAULT 0,
  lease_until timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by uuid NOT NULL,
  CONSTRAINT import_batches_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT import_batches_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  CONSTRAINT import_batches_status_known
    CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled', 'rolling_back', 'rolled_back'))
);
CREATE UNIQUE INDEX import_batches_key_unique ON import_batches (tenant_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX import_batches_work ON import_batches (lease_until) WHERE status IN ('queued', 'running', 'rolling_back');
SELECT protect_tenant_table('import_batches', $$
  INSERT (tenant_id, id, file_id, file_name, idempotency_key, file_sha256, options, status, rows_done, rows_total, created_count,
    skipped_count, rejected_count, quarantined_count, started_at, finished_at, created_by),
  UPDATE (status, rows_done, rows_total, created_count, skipped_count, rejected_count, quarantined_count, updated_count, conflict_count,
    error, token, lease_until, started_at, finished_at, version)$$);
CREATE POLICY import_batches_directory ON import_batches TO rollcall_directory USING (true) WITH CHECK (true);
GRANT SELECT (tenant_id, id, status, token, lease_until, created_at, started_at), UPDATE (token, lease_until, status, started_at)
  ON import_batches TO rollcall_directory;

-- The batch that has waited longest and that nobody works on, of whatever tenant.
CREATE FUNCTION claim_import(lease_ms integer) RETURNS TABLE (tenant_id uuid, batch_id uuid, token bigint, status text)
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE public.import_batches b SET token = b.token + 1, lease_until = now() + make_interval(secs => lease_ms::float8 / 1000),
    status = CASE b.status WHEN 'queued' THEN 'running' ELSE b.status END, started_at = coalesce(b.started_at, now())
   WHERE (b.tenant_id, b.id) = (
     SELECT c.tenant_id, c.id FROM public.import_batches c
      WHERE c.status IN ('queued', 'running', 'rolling_back') AND (c.lease_until IS NULL OR c.lease_until < now())
      ORDER BY c.created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING b.tenant_id, b.id, b.token, b.status
$$;
SELECT look_across_tenants('claim_import(integer)');

CREATE TABLE import_row_errors (
  tenant_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  line bigint NOT NULL,
  n smallint NOT NULL,
  column_name text NOT NULL,
  value text NOT NULL,
  code text NOT NULL,
  detail text NOT NULL,
  CONSTRAINT import_row_errors_pkey PRIMARY KEY (tenant_id, batch_id, line, n),
  CONSTRAINT import_row_errors_batch_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES import_batches (tenant_id, id) ON DELETE RESTRICT
);
SELECT protect_tenant_table('import_row_errors', 'INSERT (tenant_id, batch_id, line, n, column_name, value, code, detail)');

-- An import that overrides can be taken back all the same, because it keeps what it replaced: a punch that the batch superseded, which was
-- active, pointed at nothing, and had this reason. It was superseded by the batch, and not by a correction, while it points where this
-- row says.
CREATE TABLE import_replaced (
  tenant_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  punch_id uuid NOT NULL,
  line bigint NOT NULL,
  superseded_by uuid NOT NULL,
  reason text,
  CONSTRAINT import_replaced_pkey PRIMARY KEY (tenant_id, batch_id, line, punch_id),
  CONSTRAINT import_replaced_batch_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES import_batches (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT import_replaced_punch_fkey FOREIGN KEY (tenant_id, punch_id) REFERENCES punches (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT import_replaced_by_fkey FOREIGN KEY (tenant_id, superseded_by) REFERENCES punches (tenant_id, id) ON DELETE RESTRICT
);
CREATE INDEX import_replaced_punch ON import_replaced (tenant_id, punch_id);
SELECT protect_tenant_table('import_replaced', 'INSERT (tenant_id, batch_id, punch_id, line, superseded_by, reason)');

-- The days that an overriding batch has seen. A file may tell of one day in several rows, far apart: the first of them replaces what was
-- there, and those of later chunks add to it.
CREATE TABLE import_days (
  tenant_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  employee_id uuid NOT NULL,
  work_date date NOT NULL,
  CONSTRAINT import_days_pkey PRIMARY KEY (tenant_id, batch_id, employee_id, work_date),
  CONSTRAINT import_days_batch_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES import_batches (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT import_days_employee_fkey FOREIGN KEY (tenant_id, employee_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT
);
SELECT protect_tenant_table('import_days', 'INSERT (tenant_id, batch_id, employee_id, work_date)');

-- Down Migration
DROP TABLE import_days;
DROP TABLE import_replaced;
DROP TABLE import_row_errors;
DROP FUNCTION claim_import(integer);
DROP TABLE import_batches;
DROP TABLE import_profiles;
DROP TABLE import_file_pieces;
DROP TABLE import_files;

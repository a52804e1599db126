-- Up Migration
-- Files that were uploaded, in pieces: replicas share nothing but this database. Deleted by retention.
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
-- What a terminal's file holds is incompressible to PostgreSQL's eyes at this speed; not trying is faster.
ALTER TABLE import_file_pieces ALTER COLUMN piece SET STORAGE EXTERNAL;

-- A batch is its own job: claimed by one process at a time, with a token that only grows, resumed behind its last chunk.
CREATE TABLE import_batches (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  file_id uuid NOT NULL,
  file_name text NOT NULL,
  idempotency_key text,
  options json NOT NULL,
  status text NOT NULL,
  -- Rows of the file that are done, of how many; what became of them.
  rows_done bigint NOT NULL DEFAULT 0,
  rows_total bigint,
  created_count bigint NOT NULL DEFAULT 0,
  skipped_count bigint NOT NULL DEFAULT 0,
  rejected_count bigint NOT NULL DEFAULT 0,
  quarantined_count bigint NOT NULL DEFAULT 0,
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
  CONSTRAINT import_batches_status_known CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled', 'rolling_back', 'rolled_back'))
);
CREATE UNIQUE INDEX import_batches_key_unique ON import_batches (tenant_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX import_batches_work ON import_batches (lease_until) WHERE status IN ('queued', 'running', 'rolling_back');

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

-- The line of a file that a punch came from.
ALTER TABLE punches ADD COLUMN import_batch_id uuid, ADD COLUMN import_line bigint;
CREATE INDEX punches_import ON punches (tenant_id, import_batch_id, import_line) WHERE import_batch_id IS NOT NULL;
GRANT INSERT (import_batch_id, import_line) ON punches TO rollcall_runtime;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['import_files', 'import_file_pieces', 'import_batches', 'import_row_errors'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY %I ON %I TO rollcall_runtime USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', t || '_own', t);
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I FOR EACH ROW WHEN (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id) EXECUTE FUNCTION refuse_change(''a row keeps its tenant'')', t || '_tenant_fixed', t);
    EXECUTE format('GRANT SELECT ON %I TO rollcall_runtime', t);
  END LOOP;
END $$;
GRANT INSERT (tenant_id, id, file_name, bytes, sha256, detected, uploaded_by) ON import_files TO rollcall_runtime;
GRANT INSERT (tenant_id, file_id, n, piece) ON import_file_pieces TO rollcall_runtime;
GRANT INSERT (tenant_id, id, file_id, file_name, idempotency_key, options, status, rows_done, rows_total, created_count, skipped_count,
    rejected_count, quarantined_count, started_at, finished_at, created_by),
  UPDATE (status, rows_done, rows_total, created_count, skipped_count, rejected_count, quarantined_count, error, token, lease_until, started_at,
    finished_at, version) ON import_batches TO rollcall_runtime;
GRANT INSERT (tenant_id, batch_id, line, n, column_name, value, code, detail) ON import_row_errors TO rollcall_runtime;

-- Expired files go with their pieces, a file at a time.
CREATE POLICY import_files_expired ON import_files TO rollcall_retention USING (expires_at < now());
CREATE POLICY import_file_pieces_expired ON import_file_pieces TO rollcall_retention USING (true);
GRANT SELECT, DELETE, UPDATE (expires_at) ON import_files TO rollcall_retention;
GRANT SELECT (tenant_id, file_id, n), DELETE ON import_file_pieces TO rollcall_retention;

-- The next batch that nobody works on, of whatever tenant; at most one at a time for each tenant that has been waiting longest.
CREATE POLICY import_batches_directory ON import_batches TO rollcall_directory USING (true) WITH CHECK (true);
GRANT SELECT (tenant_id, id, status, token, lease_until, created_at, started_at), UPDATE (token, lease_until, status, started_at) ON import_batches TO rollcall_directory;
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
GRANT CREATE, USAGE ON SCHEMA public TO rollcall_directory;
ALTER FUNCTION claim_import(integer) OWNER TO rollcall_directory;
REVOKE CREATE ON SCHEMA public FROM rollcall_directory;
REVOKE ALL ON FUNCTION claim_import(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_import(integer) TO rollcall_runtime;

-- Down Migration
DROP FUNCTION claim_import(integer);
DROP INDEX punches_import;
ALTER TABLE punches DROP COLUMN import_batch_id, DROP COLUMN import_line;
DROP TABLE import_row_errors;
DROP TABLE import_batches;
DROP TABLE import_file_pieces;
DROP TABLE import_files;

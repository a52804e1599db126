-- Up Migration
-- An export that nobody waits for: what was asked for, how far it is, and the file in pieces, until it expires.
CREATE TABLE export_jobs (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  query json NOT NULL,
  status text NOT NULL DEFAULT 'queued',
  file_name text,
  bytes bigint NOT NULL DEFAULT 0,
  sha256 bytea,
  error text,
  token bigint NOT NULL DEFAULT 0,
  lease_until timestamptz,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz,
  expires_at timestamptz NOT NULL DEFAULT now() + interval '7 days',
  CONSTRAINT export_jobs_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT export_jobs_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  CONSTRAINT export_jobs_status_known CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
  CONSTRAINT export_jobs_whole CHECK (status <> 'completed' OR (sha256 IS NOT NULL AND file_name IS NOT NULL))
);
CREATE INDEX export_jobs_work ON export_jobs (lease_until) WHERE status IN ('queued', 'running');
CREATE INDEX export_jobs_expiry ON export_jobs (expires_at);
-- Each attempt writes under its own token, so that what a killed process left is never part of a file.
CREATE TABLE export_file_pieces (
  tenant_id uuid NOT NULL,
  job_id uuid NOT NULL,
  token bigint NOT NULL,
  n integer NOT NULL,
  piece bytea NOT NULL,
  CONSTRAINT export_file_pieces_pkey PRIMARY KEY (tenant_id, job_id, token, n)
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['export_jobs', 'export_file_pieces'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY %I ON %I TO rollcall_runtime USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', t || '_own', t);
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I FOR EACH ROW WHEN (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id) EXECUTE FUNCTION refuse_change(''a row keeps its tenant'')', t || '_tenant_fixed', t);
    EXECUTE format('GRANT SELECT ON %I TO rollcall_runtime', t);
  END LOOP;
END $$;
GRANT INSERT (tenant_id, id, query, created_by),
  UPDATE (status, file_name, bytes, sha256, error, token, lease_until, started_at, finished_at, expires_at) ON export_jobs TO rollcall_runtime;
GRANT INSERT (tenant_id, job_id, token, n, piece), DELETE ON export_file_pieces TO rollcall_runtime;

CREATE POLICY export_jobs_expired ON export_jobs TO rollcall_retention USING (expires_at < now());
CREATE POLICY export_file_pieces_expired ON export_file_pieces TO rollcall_retention USING (true);
GRANT SELECT, DELETE ON export_jobs TO rollcall_retention;
GRANT SELECT (tenant_id, job_id, n), DELETE ON export_file_pieces TO rollcall_retention;

CREATE POLICY export_jobs_directory ON export_jobs TO rollcall_directory USING (true) WITH CHECK (true);
GRANT SELECT (tenant_id, id, status, token, lease_until, created_at, started_at), UPDATE (token, lease_until, status, started_at) ON export_jobs TO rollcall_directory;
-- The next job that nobody works on, of whatever tenant.
CREATE FUNCTION claim_export(lease_ms integer) RETURNS TABLE (tenant_id uuid, job_id uuid, token bigint)
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  UPDATE public.export_jobs j SET token = j.token + 1, lease_until = now() + make_interval(secs => lease_ms::float8 / 1000),
    status = 'running', started_at = coalesce(j.started_at, now())
   WHERE (j.tenant_id, j.id) = (
     SELECT c.tenant_id, c.id FROM public.export_jobs c
      WHERE c.status IN ('queued', 'running') AND (c.lease_until IS NULL OR c.lease_until < now())
      ORDER BY c.created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING j.tenant_id, j.id, j.token
$$;
GRANT CREATE, USAGE ON SCHEMA public TO rollcall_directory;
ALTER FUNCTION claim_export(integer) OWNER TO rollcall_directory;
REVOKE CREATE ON SCHEMA public FROM rollcall_directory;
REVOKE ALL ON FUNCTION claim_export(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_export(integer) TO rollcall_runtime;

-- Down Migration
DROP FUNCTION claim_export(integer);
DROP TABLE export_file_pieces;
DROP TABLE export_jobs;

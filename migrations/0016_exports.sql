-- Up Migration
-- Exports that nobody waits for, and how the payroll system of a tenant wants its file.

-- What was asked for, how far it is, and the file in pieces, until it expires.
CREATE TABLE export_jobs (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  query json NOT NULL,
  -- Whose rows the file holds: those of an org unit, or without one those of the whole tenant. Its link works for as long as whoever
  -- asked may see them.
  unit_id uuid,
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
SELECT protect_tenant_table('export_jobs', $$
  INSERT (tenant_id, id, query, created_by),
  UPDATE (status, unit_id, file_name, bytes, sha256, error, token, lease_until, started_at, finished_at, expires_at)$$);
SELECT protect_tenant_table('export_file_pieces', 'INSERT (tenant_id, job_id, token, n, piece), DELETE');
CREATE POLICY export_jobs_expired ON export_jobs TO rollcall_retention USING (expires_at < now());
CREATE POLICY export_file_pieces_expired ON export_file_pieces TO rollcall_retention USING (true);
GRANT SELECT, DELETE ON export_jobs TO rollcall_retention;
GRANT SELECT (tenant_id, job_id, n), DELETE ON export_file_pieces TO rollcall_retention;
CREATE POLICY export_jobs_directory ON export_jobs TO rollcall_directory USING (true) WITH CHECK (true);
GRANT SELECT (tenant_id, id, status, token, lease_until, created_at, started_at), UPDATE (token, lease_until, status, started_at)
  ON export_jobs TO rollcall_directory;

-- The job that has waited longest and that nobody works on, of whatever tenant.
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
SELECT look_across_tenants('claim_export(integer)');

-- Columns, pay codes and units of a payroll file: said once, versioned, used for every closed period.
CREATE TABLE export_layouts (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  name text NOT NULL,
  definition json NOT NULL,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by uuid NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT export_layouts_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT export_layouts_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX export_layouts_name_unique ON export_layouts (tenant_id, (lower(name) COLLATE "C"));
SELECT protect_tenant_table('export_layouts', $$
  INSERT (tenant_id, name, definition, created_by), UPDATE (name, definition, version, updated_at), DELETE$$);

-- Down Migration
DROP TABLE export_layouts;
DROP FUNCTION claim_export(integer);
DROP TABLE export_file_pieces;
DROP TABLE export_jobs;

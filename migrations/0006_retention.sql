-- Up Migration
-- What has expired is deleted by one replica: whoever holds the lease, with a fencing token that only grows.
CREATE TABLE job_leases (
  job text NOT NULL,
  holder text NOT NULL,
  token bigint NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT job_leases_pkey PRIMARY KEY (job)
);
CREATE TABLE retention_runs (
  id uuid NOT NULL DEFAULT new_id(),
  policy text NOT NULL,
  token bigint NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  deleted bigint NOT NULL DEFAULT 0,
  error text,
  CONSTRAINT retention_runs_pkey PRIMARY KEY (id)
);
CREATE INDEX retention_runs_latest ON retention_runs (policy, started_at DESC);

-- Both belong to no tenant: they hold counts, and nothing of what was deleted.
GRANT SELECT, INSERT, UPDATE ON job_leases TO rollcall_retention;
GRANT SELECT, INSERT (policy, token), UPDATE (finished_at, deleted, error) ON retention_runs TO rollcall_retention;
GRANT SELECT ON retention_runs, job_leases TO rollcall_runtime;

-- Down Migration
DROP TABLE retention_runs;
DROP TABLE job_leases;

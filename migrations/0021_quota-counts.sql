-- Up Migration
-- How much of each quota is used, counted for all replicas together. Not logged: after a crash of PostgreSQL everybody starts
-- afresh, which a quota may, and no count waits for the disk. No tenant: most of what is counted comes before anybody knows one.
-- Keys are hashes, which name neither address nor person. A row that nobody has touched for two hours counts nothing any more.
CREATE UNLOGGED TABLE quota_counts (
  key text COLLATE "C" NOT NULL,
  used double precision NOT NULL,
  granted double precision NOT NULL,
  most double precision NOT NULL,
  per_second double precision NOT NULL,
  counted_at timestamptz NOT NULL,
  CONSTRAINT quota_counts_pkey PRIMARY KEY (key)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
GRANT SELECT, INSERT, UPDATE (used, granted, most, per_second, counted_at), DELETE ON quota_counts TO rollcall_runtime;

-- Down Migration
DROP TABLE quota_counts;

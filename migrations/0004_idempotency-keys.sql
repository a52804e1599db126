-- Up Migration
-- One row for each keyed write: what was asked (fingerprint) and what was answered (bytes, replayed as they are). The key itself is never
-- stored: `scope` is a SHA-256 over principal, method, path and key.
CREATE TABLE idempotency_keys (
  tenant_id uuid NOT NULL,
  scope bytea NOT NULL,
  fingerprint bytea NOT NULL,
  status smallint NOT NULL,
  headers text NOT NULL,
  body bytea NOT NULL,
  packed boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (tenant_id, scope),
  CONSTRAINT idempotency_keys_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  CONSTRAINT idempotency_keys_scope_length CHECK (octet_length(scope) = 32),
  CONSTRAINT idempotency_keys_body_length CHECK (octet_length(body) <= 65536)
);
-- Block ranges: keys expire in the order in which they came. A B-tree would cost every write, and tempt the planner away from the key.
CREATE INDEX idempotency_keys_expiry ON idempotency_keys USING brin (expires_at) WITH (pages_per_range = 32);

SELECT protect_tenant_table('idempotency_keys', $$
  INSERT (tenant_id, scope, fingerprint, status, headers, body, packed, expires_at),
  UPDATE (fingerprint, status, headers, body, packed, created_at, expires_at)$$);
CREATE POLICY idempotency_keys_group ON idempotency_keys TO rollcall_writer
  USING (tenant_id = ANY ((SELECT current_tenants())::uuid[])) WITH CHECK (tenant_id = ANY ((SELECT current_tenants())::uuid[]));
GRANT SELECT, INSERT (tenant_id, scope, fingerprint, status, headers, body, packed, expires_at),
  UPDATE (fingerprint, status, headers, body, packed, created_at, expires_at) ON idempotency_keys TO rollcall_writer;
-- UPDATE, as with refresh tokens, for FOR UPDATE SKIP LOCKED.
CREATE POLICY idempotency_keys_expired ON idempotency_keys TO rollcall_retention USING (expires_at < now());
GRANT SELECT, DELETE, UPDATE (expires_at) ON idempotency_keys TO rollcall_retention;

-- Down Migration
DROP TABLE idempotency_keys;

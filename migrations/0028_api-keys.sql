-- Up Migration
-- API keys: callers of a tenant that are no people. A rotated key stays the same row, so that its actions, repetitions and quota keep
-- their name; what was its secret before holds on until `former_until`.
CREATE TABLE api_keys (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  name text NOT NULL,
  -- The beginning of the key, for people who look for it.
  prefix text NOT NULL,
  -- SHA-256 of the whole key; 256 random bits need neither salt nor a slow hash.
  secret_hash bytea NOT NULL,
  former_hash bytea,
  former_until timestamptz,
  permissions text[] NOT NULL,
  org_unit_id uuid,
  allowed_networks text[] NOT NULL,
  expires_at timestamptz,
  -- The people who were shown a secret of it: it may do nothing about them that nobody does about themselves.
  holders uuid[] NOT NULL,
  last_used_at timestamptz,
  revoked_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_by uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT api_keys_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT api_keys_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  CONSTRAINT api_keys_permissions_known CHECK (cardinality(permissions) > 0 AND permissions <@
    ARRAY['attendance:read', 'attendance:write', 'attendance:approve', 'attendance:payroll', 'attendance:admin']),
  CONSTRAINT api_keys_former_whole CHECK ((former_hash IS NULL) = (former_until IS NULL)),
  CONSTRAINT api_keys_secret_length CHECK (octet_length(secret_hash) = 32 AND octet_length(former_hash) = 32)
);
CREATE INDEX api_keys_secret_anywhere ON api_keys (secret_hash); -- a call before its tenant is known
CREATE INDEX api_keys_former_anywhere ON api_keys (former_hash) WHERE former_hash IS NOT NULL;
SELECT protect_tenant_table('api_keys', $$
  INSERT (tenant_id, name, prefix, secret_hash, permissions, org_unit_id, allowed_networks, expires_at, holders, created_by),
  UPDATE (name, prefix, secret_hash, former_hash, former_until, permissions, org_unit_id, allowed_networks, expires_at, holders,
    last_used_at, revoked_at, version, updated_at)$$);
CREATE POLICY api_keys_directory ON api_keys FOR SELECT TO rollcall_directory USING (true);
GRANT SELECT (tenant_id, id, secret_hash, former_hash) ON api_keys TO rollcall_directory;
CREATE TRIGGER api_keys_change_announced AFTER UPDATE ON api_keys FOR EACH ROW
  WHEN (OLD.version IS DISTINCT FROM NEW.version) EXECUTE FUNCTION announce_change('id'); -- not of every use

-- Whose key has this hash, or had it before its last rotation? Asked across tenants, by a role that may read nothing else of a key.
CREATE FUNCTION api_key_place(wanted_hash bytea) RETURNS TABLE (tenant_id uuid, key_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT k.tenant_id, k.id FROM public.api_keys k WHERE k.secret_hash = wanted_hash
  UNION ALL SELECT k.tenant_id, k.id FROM public.api_keys k WHERE k.former_hash = wanted_hash LIMIT 1
$$;
SELECT look_across_tenants('api_key_place(bytea)');

-- Down Migration
DROP FUNCTION api_key_place(bytea);
DROP TABLE api_keys;

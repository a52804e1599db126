-- Up Migration
-- Signing in and staying signed in.

-- A token is used once and succeeded by another one of its family; one that is used again ends the whole family. Only its hash is kept.
CREATE TABLE refresh_tokens (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  family_id uuid NOT NULL,
  user_id uuid NOT NULL,
  secret_hash bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  revoked_at timestamptz,
  CONSTRAINT refresh_tokens_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT refresh_tokens_user_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT
);
CREATE INDEX refresh_tokens_family ON refresh_tokens (tenant_id, family_id);
CREATE INDEX refresh_tokens_user ON refresh_tokens (tenant_id, user_id);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

SELECT protect_tenant_table('refresh_tokens', $$
  INSERT (tenant_id, id, family_id, user_id, secret_hash, expires_at), UPDATE (used_at, revoked_at)$$);
-- Deleting in batches passes over rows that somebody holds (FOR UPDATE SKIP LOCKED), and locking a row asks for the right to update a
-- column of it. The policy admits expired rows only, before and after.
CREATE POLICY refresh_tokens_expired ON refresh_tokens TO rollcall_retention USING (expires_at < now());
GRANT SELECT, DELETE, UPDATE (expires_at) ON refresh_tokens TO rollcall_retention;

-- Which tenants know this address? Asked across tenants before a sign-in, by a role that may read only the columns that it needs.
CREATE FUNCTION sign_in_places(address text, wanted_slug text) RETURNS TABLE (tenant_id uuid, slug text, user_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT u.tenant_id, t.slug, u.id FROM public.users u JOIN public.tenants t ON t.id = u.tenant_id
   WHERE u.email = lower(address) AND u.status = 'active' AND t.status = 'active' AND (wanted_slug IS NULL OR t.slug = wanted_slug)
   ORDER BY t.slug LIMIT 20
$$;
SELECT look_across_tenants('sign_in_places(text, text)');

-- Down Migration
DROP FUNCTION sign_in_places(text, text);
DROP TABLE refresh_tokens;

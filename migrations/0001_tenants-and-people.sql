-- Up Migration
-- Group roles. A deployment's login roles are members of them; nothing here has a password.
--   rollcall_runtime    the server: owns nothing, sees one tenant per transaction
--   rollcall_writer     what the server becomes while it commits a group of punches of several tenants
--   rollcall_retention  deletes what has expired, and nothing else
--   rollcall_directory  owns the one function that looks across tenants: which tenants know an address
DO $$
DECLARE role_name text;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['rollcall_runtime', 'rollcall_writer', 'rollcall_retention', 'rollcall_directory'] LOOP
    CONTINUE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = role_name); -- roles belong to the cluster, not to the database
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database is migrated at this moment
    END;
  END LOOP;
  -- From 16 on, whoever creates a role administers it and still may not become it, which giving it a function asks for.
  IF NOT pg_has_role(current_user, 'rollcall_directory', CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END) THEN
    EXECUTE format('GRANT rollcall_directory TO %I', current_user);
  END IF;
  -- The server becomes the writer for one transaction; it does not have the writer's policies all the time.
  IF current_setting('server_version_num')::int >= 160000 THEN
    EXECUTE 'GRANT rollcall_writer TO rollcall_runtime WITH INHERIT FALSE, SET TRUE';
  ELSE
    EXECUTE 'GRANT rollcall_writer TO rollcall_runtime';
  END IF;
END $$;

-- SQLSTATE 42501 is what a refusal by privilege would answer; a trigger that refuses answers the same.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = '42501';
END $$;

-- Time-ordered identifiers (RFC 9562, version 7): PostgreSQL 18 has them, 15 to 17 get the same layout.
DO $$
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    CREATE FUNCTION new_id() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS 'SELECT uuidv7()';
  ELSE
    CREATE FUNCTION new_id() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $f$
      SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
    $f$;
  END IF;
END $$;

-- The tenant of the transaction. NULLIF: after a transaction-local setting the pooled connection reads '' and not NULL.
CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid $$;
-- The tenants of a group commit, for rollcall_writer alone.
CREATE FUNCTION current_tenants() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT NULLIF(current_setting('app.tenant_ids', true), '')::uuid[] $$;

CREATE TABLE tenants (
  id uuid NOT NULL DEFAULT new_id(),
  slug text NOT NULL,
  name text NOT NULL,
  status text NOT NULL DEFAULT 'active',
  time_zone text NOT NULL DEFAULT 'UTC',
  settings jsonb NOT NULL DEFAULT '{}',
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT tenants_pkey PRIMARY KEY (id),
  CONSTRAINT tenants_slug_unique UNIQUE (slug),
  CONSTRAINT tenants_slug_form CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  CONSTRAINT tenants_status_known CHECK (status IN ('active', 'deactivated'))
);

INSERT INTO tenants (id, slug, name) VALUES ('00000000-0000-0000-0000-000000000000', 'platform', 'Rollcall platform');

CREATE TABLE users (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  email text,
  name text NOT NULL,
  employee_number text,
  password_hash text,
  status text NOT NULL DEFAULT 'active',
  time_zone text,
  org_unit_id uuid,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT users_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT users_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  CONSTRAINT users_email_lower CHECK (email = lower(email)),
  CONSTRAINT users_status_known CHECK (status IN ('active', 'deactivated'))
);
CREATE UNIQUE INDEX users_email_unique ON users (tenant_id, email) WHERE email IS NOT NULL;
CREATE UNIQUE INDEX users_employee_number_unique ON users (tenant_id, employee_number) WHERE employee_number IS NOT NULL;
CREATE INDEX users_email_anywhere ON users (email) WHERE email IS NOT NULL; -- sign-in without a tenant

CREATE TABLE user_roles (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  role text NOT NULL,
  granted_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT user_roles_pkey PRIMARY KEY (tenant_id, user_id, role),
  CONSTRAINT user_roles_user_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT user_roles_role_known CHECK (role IN ('employee', 'approver', 'admin', 'platform_admin'))
);

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

-- A tenant never changes hands, whoever asks.
CREATE TRIGGER users_tenant_fixed BEFORE UPDATE ON users FOR EACH ROW
  WHEN (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id) EXECUTE FUNCTION refuse_change('a row keeps its tenant');
CREATE TRIGGER user_roles_tenant_fixed BEFORE UPDATE ON user_roles FOR EACH ROW
  WHEN (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id) EXECUTE FUNCTION refuse_change('a row keeps its tenant');
CREATE TRIGGER refresh_tokens_tenant_fixed BEFORE UPDATE ON refresh_tokens FOR EACH ROW
  WHEN (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id) EXECUTE FUNCTION refuse_change('a row keeps its tenant');
CREATE TRIGGER tenants_id_fixed BEFORE UPDATE ON tenants FOR EACH ROW
  WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_change('a tenant keeps its id');

ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenants_own ON tenants TO rollcall_runtime USING (id = current_tenant()) WITH CHECK (id = current_tenant());
CREATE POLICY tenants_group ON tenants FOR SELECT TO rollcall_writer USING (id = ANY ((SELECT current_tenants())::uuid[]));
-- The platform's own tenant has the nil UUID; its operators administer tenants, and see nothing inside them.
CREATE POLICY tenants_platform ON tenants TO rollcall_runtime
  USING (current_tenant() = '00000000-0000-0000-0000-000000000000') WITH CHECK (current_tenant() = '00000000-0000-0000-0000-000000000000');

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY users_own ON users TO rollcall_runtime USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
CREATE POLICY users_group ON users TO rollcall_writer USING (tenant_id = ANY ((SELECT current_tenants())::uuid[]));
CREATE POLICY users_directory ON users FOR SELECT TO rollcall_directory USING (true);
CREATE POLICY tenants_directory ON tenants FOR SELECT TO rollcall_directory USING (true);

ALTER TABLE user_roles ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_roles FORCE ROW LEVEL SECURITY;
CREATE POLICY user_roles_own ON user_roles TO rollcall_runtime USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());

ALTER TABLE refresh_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE refresh_tokens FORCE ROW LEVEL SECURITY;
CREATE POLICY refresh_tokens_own ON refresh_tokens TO rollcall_runtime USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
CREATE POLICY refresh_tokens_expired ON refresh_tokens TO rollcall_retention USING (expires_at < now());

GRANT SELECT, INSERT (id, slug, name, time_zone, settings), UPDATE (name, status, time_zone, settings, version, updated_at) ON tenants TO rollcall_runtime;
GRANT SELECT, INSERT (tenant_id, id, email, name, employee_number, password_hash, time_zone, org_unit_id),
  UPDATE (email, name, employee_number, password_hash, status, time_zone, org_unit_id, version, updated_at) ON users TO rollcall_runtime;
GRANT SELECT, INSERT (tenant_id, user_id, role), DELETE ON user_roles TO rollcall_runtime;
GRANT SELECT, INSERT (tenant_id, id, family_id, user_id, secret_hash, expires_at), UPDATE (used_at, revoked_at) ON refresh_tokens TO rollcall_runtime;
GRANT SELECT, DELETE ON refresh_tokens TO rollcall_retention;
GRANT SELECT (id, slug, name, status, settings, time_zone) ON tenants TO rollcall_writer;
-- UPDATE (updated_at) is what FOR NO KEY UPDATE asks for: a group locks the employees it punches for.
GRANT SELECT (tenant_id, id, status, org_unit_id), UPDATE (updated_at) ON users TO rollcall_writer;
GRANT SELECT (tenant_id, id, email, status) ON users TO rollcall_directory;
GRANT SELECT (id, slug, status) ON tenants TO rollcall_directory;

-- Which tenants know this address? The only question that is asked across tenants, and only before a sign-in.
-- Owned by a role that may read five columns and cannot log in.
CREATE FUNCTION sign_in_places(address text, wanted_slug text) RETURNS TABLE (tenant_id uuid, slug text, user_id uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT u.tenant_id, t.slug, u.id FROM public.users u JOIN public.tenants t ON t.id = u.tenant_id
   WHERE u.email = lower(address) AND u.status = 'active' AND t.status = 'active' AND (wanted_slug IS NULL OR t.slug = wanted_slug)
   ORDER BY t.slug LIMIT 20
$$;
GRANT CREATE, USAGE ON SCHEMA public TO rollcall_directory;
GRANT USAGE ON SCHEMA public TO rollcall_runtime, rollcall_writer, rollcall_retention;
ALTER FUNCTION sign_in_places(text, text) OWNER TO rollcall_directory;
REVOKE CREATE ON SCHEMA public FROM rollcall_directory;
REVOKE ALL ON FUNCTION sign_in_places(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sign_in_places(text, text) TO rollcall_runtime;

-- Down Migration
DROP FUNCTION sign_in_places(text, text);
DROP TABLE refresh_tokens;
DROP TABLE user_roles;
DROP TABLE users;
DROP TABLE tenants;
DROP FUNCTION current_tenants();
DROP FUNCTION current_tenant();
DROP FUNCTION new_id();
DROP FUNCTION refuse_change();

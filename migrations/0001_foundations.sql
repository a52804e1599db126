-- Up Migration
-- What every other migration stands on: group roles, identifiers, the tenant of a transaction, and how a table of tenants is protected.

-- Group roles. The login roles of a deployment are members of them; nothing here has a password.
--   rollcall_runtime    the server: owns nothing, sees one tenant in a transaction
--   rollcall_writer     what the server becomes while it commits a group of punches of several tenants
--   rollcall_retention  deletes what has expired, and nothing else
--   rollcall_directory  owns the few functions that look across tenants, and cannot log in
DO $$
DECLARE
  role_name text;
  version integer := current_setting('server_version_num')::integer;
BEGIN
  FOREACH role_name IN ARRAY ARRAY['rollcall_runtime', 'rollcall_writer', 'rollcall_retention', 'rollcall_directory'] LOOP
    CONTINUE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = role_name); -- roles belong to the cluster, not to the database
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database is being migrated at this moment
    END;
  END LOOP;
  -- From 16 on, whoever creates a role administers it but may not become it, and only who may become a role can give it a function.
  IF NOT pg_has_role(current_user, 'rollcall_directory', CASE WHEN version >= 160000 THEN 'SET' ELSE 'MEMBER' END) THEN
    EXECUTE format('GRANT rollcall_directory TO %I', current_user);
  END IF;
  -- The server becomes the writer for one transaction; it does not have the writer's policies all the time.
  IF version >= 160000 THEN
    EXECUTE 'GRANT rollcall_writer TO rollcall_runtime WITH INHERIT FALSE, SET TRUE';
  ELSE
    EXECUTE 'GRANT rollcall_writer TO rollcall_runtime';
  END IF;
END $$;
GRANT USAGE ON SCHEMA public TO rollcall_runtime, rollcall_writer, rollcall_retention, rollcall_directory;

-- Readiness compares what is applied with the files of the build.
GRANT SELECT ON migrations TO rollcall_runtime;

-- A refusal by privilege would answer SQLSTATE 42501; a trigger that refuses answers the same. Its argument says why.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: %', TG_OP, TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = '42501';
END $$;

-- Time-ordered identifiers (RFC 9562, version 7): PostgreSQL 18 makes them itself, 15 to 17 get the same layout.
DO $$
BEGIN
  IF current_setting('server_version_num')::integer >= 180000 THEN
    CREATE FUNCTION new_id() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS 'SELECT uuidv7()';
  ELSE
    CREATE FUNCTION new_id() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $f$
      SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
        52, 1), 53, 1), 'hex')::uuid
    $f$;
  END IF;
END $$;

-- The tenant of the transaction. NULLIF: once a setting local to a transaction is over, a pooled connection reads '' and not NULL.
CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid $$;
-- The tenants of a group commit, for rollcall_writer alone.
CREATE FUNCTION current_tenants() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT NULLIF(current_setting('app.tenant_ids', true), '')::uuid[] $$;

-- Protects a table that has a tenant_id, whole or not at all: the server sees the rows of its tenant only, even the owner is bound by
-- policies, no row ever changes hands, and the server may read and do what `rights` lists (as GRANT spells it, by column). What other
-- roles may do is said beside the table.
CREATE FUNCTION protect_tenant_table(table_name text, rights text DEFAULT '') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', table_name);
  EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', table_name);
  EXECUTE format('CREATE POLICY %I ON %I TO rollcall_runtime
    USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', table_name || '_own', table_name);
  EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I FOR EACH ROW WHEN (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id)
    EXECUTE FUNCTION refuse_change(''a row keeps its tenant'')', table_name || '_tenant_fixed', table_name);
  EXECUTE format('GRANT %s ON %I TO rollcall_runtime', concat_ws(', ', 'SELECT', NULLIF(rights, '')), table_name);
END $$;
REVOKE ALL ON FUNCTION protect_tenant_table(text, text) FROM PUBLIC;

-- Gives a SECURITY DEFINER function to rollcall_directory: it sees what that role may read of all tenants, and the server may call it. An
-- owner must be able to create in the schema at the moment when it becomes the owner, and never again.
CREATE FUNCTION look_across_tenants(signature regprocedure) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  GRANT CREATE ON SCHEMA public TO rollcall_directory;
  EXECUTE format('ALTER FUNCTION %s OWNER TO rollcall_directory', signature);
  REVOKE CREATE ON SCHEMA public FROM rollcall_directory;
  EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', signature);
  EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO rollcall_runtime', signature);
END $$;
REVOKE ALL ON FUNCTION look_across_tenants(regprocedure) FROM PUBLIC;

-- Down Migration
DROP FUNCTION look_across_tenants(regprocedure);
DROP FUNCTION protect_tenant_table(text, text);
DROP FUNCTION current_tenants();
DROP FUNCTION current_tenant();
DROP FUNCTION new_id();
DROP FUNCTION refuse_change();
REVOKE SELECT ON migrations FROM rollcall_runtime;
REVOKE USAGE ON SCHEMA public FROM rollcall_runtime, rollcall_writer, rollcall_retention, rollcall_directory;

-- Up Migration
-- Tenants, the people in them, their roles, and the time zones in which they have lived.

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

CREATE TRIGGER tenants_id_fixed BEFORE UPDATE ON tenants FOR EACH ROW
  WHEN (OLD.id IS DISTINCT FROM NEW.id) EXECUTE FUNCTION refuse_change('a tenant keeps its id');
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenants_own ON tenants TO rollcall_runtime USING (id = current_tenant()) WITH CHECK (id = current_tenant());
CREATE POLICY tenants_group ON tenants FOR SELECT TO rollcall_writer USING (id = ANY ((SELECT current_tenants())::uuid[]));
CREATE POLICY tenants_directory ON tenants FOR SELECT TO rollcall_directory USING (true);
-- The platform's own tenant has the nil UUID; its operators administer tenants, and see nothing inside them.
CREATE POLICY tenants_platform ON tenants TO rollcall_runtime
  USING (current_tenant() = '00000000-0000-0000-0000-000000000000') WITH CHECK (current_tenant() = '00000000-0000-0000-0000-000000000000');
GRANT SELECT, INSERT (id, slug, name, time_zone, settings), UPDATE (name, status, time_zone, settings, version, updated_at)
  ON tenants TO rollcall_runtime;
GRANT SELECT (id, slug, name, status, settings, time_zone) ON tenants TO rollcall_writer;
GRANT SELECT (id, slug, status) ON tenants TO rollcall_directory;

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
  hired_on date,
  left_on date,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT users_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT users_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  CONSTRAINT users_email_lower CHECK (email = lower(email)),
  CONSTRAINT users_status_known CHECK (status IN ('active', 'deactivated')),
  CONSTRAINT users_employment_ordered CHECK (left_on >= hired_on)
);
CREATE UNIQUE INDEX users_email_unique ON users (tenant_id, email) WHERE email IS NOT NULL;
CREATE UNIQUE INDEX users_employee_number_unique ON users (tenant_id, employee_number) WHERE employee_number IS NOT NULL;
CREATE INDEX users_email_anywhere ON users (email) WHERE email IS NOT NULL; -- signing in without naming a tenant

SELECT protect_tenant_table('users', $$
  INSERT (tenant_id, id, email, name, employee_number, password_hash, time_zone, org_unit_id, hired_on, left_on),
  UPDATE (email, name, employee_number, password_hash, status, time_zone, org_unit_id, hired_on, left_on, version, updated_at)$$);
CREATE POLICY users_group ON users TO rollcall_writer USING (tenant_id = ANY ((SELECT current_tenants())::uuid[]));
CREATE POLICY users_directory ON users FOR SELECT TO rollcall_directory USING (true);
-- A group locks the employees whose punches it records: FOR NO KEY UPDATE asks for the right to update a column. Whether a punch lies in
-- a closed period is judged by the local date of the person.
GRANT SELECT (tenant_id, id, status, org_unit_id, time_zone, hired_on, left_on), UPDATE (updated_at) ON users TO rollcall_writer;
GRANT SELECT (tenant_id, id, email, status) ON users TO rollcall_directory;

CREATE TABLE user_roles (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  role text NOT NULL,
  granted_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT user_roles_pkey PRIMARY KEY (tenant_id, user_id, role),
  CONSTRAINT user_roles_user_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT user_roles_role_known CHECK (role IN ('employee', 'approver', 'payroll', 'admin', 'platform_admin'))
);
SELECT protect_tenant_table('user_roles', 'INSERT (tenant_id, user_id, role), DELETE');

-- The zone in which a person lived from an instant on; of the tenant, where there is no employee_id. Written by triggers, so that no way
-- of changing a zone forgets the old one: a work date in the past is read by the clock that hung on the wall then.
CREATE TABLE time_zone_history (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  employee_id uuid,
  valid_from timestamptz NOT NULL,
  time_zone text,
  CONSTRAINT time_zone_history_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT time_zone_history_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  CONSTRAINT time_zone_history_employee_fkey FOREIGN KEY (tenant_id, employee_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT
);
CREATE INDEX time_zone_history_of ON time_zone_history (tenant_id, employee_id, valid_from);
SELECT protect_tenant_table('time_zone_history', 'INSERT (tenant_id, employee_id, valid_from, time_zone)');
-- An operator changes the zone of a tenant from the platform's own tenant.
CREATE POLICY time_zone_history_platform ON time_zone_history TO rollcall_runtime
  USING (current_tenant() = '00000000-0000-0000-0000-000000000000' AND employee_id IS NULL)
  WITH CHECK (current_tenant() = '00000000-0000-0000-0000-000000000000' AND employee_id IS NULL);

-- The argument says whose zone has changed: 'employee' or 'tenant'. The first change also keeps what had been valid ever before.
CREATE FUNCTION remember_time_zone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  tenant uuid := NEW.id;
  employee uuid;
BEGIN
  IF TG_ARGV[0] = 'employee' THEN
    tenant := NEW.tenant_id;
    employee := NEW.id;
  END IF;
  INSERT INTO time_zone_history (tenant_id, employee_id, valid_from, time_zone)
    SELECT tenant, employee, '-infinity', OLD.time_zone
     WHERE NOT EXISTS (SELECT FROM time_zone_history h WHERE h.tenant_id = tenant AND h.employee_id IS NOT DISTINCT FROM employee);
  INSERT INTO time_zone_history (tenant_id, employee_id, valid_from, time_zone) VALUES (tenant, employee, now(), NEW.time_zone);
  RETURN NULL;
END $$;
CREATE TRIGGER users_time_zone_remembered AFTER UPDATE OF time_zone ON users FOR EACH ROW
  WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone) EXECUTE FUNCTION remember_time_zone('employee');
CREATE TRIGGER tenants_time_zone_remembered AFTER UPDATE OF time_zone ON tenants FOR EACH ROW
  WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone) EXECUTE FUNCTION remember_time_zone('tenant');

-- Down Migration
DROP TABLE time_zone_history;
DROP TABLE user_roles;
DROP TABLE users;
DROP TABLE tenants;
DROP FUNCTION remember_time_zone();

-- Up Migration
-- Roles that a tenant makes itself: bundles of permissions beside the templates, which the server knows.
CREATE TABLE roles (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  name text NOT NULL,
  title text NOT NULL,
  description text,
  permissions text[] NOT NULL,
  created_by uuid NOT NULL,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT roles_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT roles_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  CONSTRAINT roles_name_unique UNIQUE (tenant_id, name),
  CONSTRAINT roles_name_form CHECK (name ~ '^[a-z][a-z0-9_-]{0,62}$'),
  CONSTRAINT roles_permissions_known CHECK (cardinality(permissions) > 0 AND permissions <@
    ARRAY['attendance:read', 'attendance:write', 'attendance:approve', 'attendance:payroll', 'attendance:admin'])
);
SELECT protect_tenant_table('roles',
  'INSERT (tenant_id, name, title, description, permissions, created_by),
   UPDATE (title, description, permissions, version, updated_at), DELETE');

-- The name once more, where it is one of these: nobody holds a role that does not exist, and none is deleted that somebody holds.
-- Rows of before are looked at by the migration `custom-roles-checked`, in a transaction of its own, which locks nobody out.
ALTER TABLE user_roles ADD COLUMN custom_role text;
GRANT INSERT (custom_role) ON user_roles TO rollcall_runtime;
ALTER TABLE user_roles ADD CONSTRAINT user_roles_custom_role_fkey
  FOREIGN KEY (tenant_id, custom_role) REFERENCES roles (tenant_id, name) ON DELETE RESTRICT NOT VALID;
ALTER TABLE user_roles ADD CONSTRAINT user_roles_template_or_custom CHECK (
  CASE WHEN custom_role IS NULL THEN role IN ('employee', 'approver', 'payroll', 'admin', 'platform_admin')
       ELSE role = custom_role END) NOT VALID;
ALTER TABLE user_roles DROP CONSTRAINT user_roles_role_known;

-- Down Migration
ALTER TABLE user_roles NO FORCE ROW LEVEL SECURITY; -- or the owner would see none of the rows
DELETE FROM user_roles WHERE custom_role IS NOT NULL;
ALTER TABLE user_roles FORCE ROW LEVEL SECURITY;
ALTER TABLE user_roles ADD CONSTRAINT user_roles_role_known CHECK (role IN ('employee', 'approver', 'payroll', 'admin', 'platform_admin'));
ALTER TABLE user_roles DROP COLUMN custom_role;
DROP TABLE roles;

-- Up Migration
-- How the payroll system of a tenant wants its file: columns, pay codes, units. Said once, versioned, used for every closed period.
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

ALTER TABLE export_layouts ENABLE ROW LEVEL SECURITY;
ALTER TABLE export_layouts FORCE ROW LEVEL SECURITY;
CREATE POLICY export_layouts_own ON export_layouts TO rollcall_runtime USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
CREATE TRIGGER export_layouts_tenant_fixed BEFORE UPDATE ON export_layouts FOR EACH ROW
  WHEN (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id) EXECUTE FUNCTION refuse_change('a row keeps its tenant');
GRANT SELECT, DELETE, INSERT (tenant_id, name, definition, created_by), UPDATE (name, definition, version, updated_at) ON export_layouts TO rollcall_runtime;

-- Down Migration
DROP TABLE export_layouts;

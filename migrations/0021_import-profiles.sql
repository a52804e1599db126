-- Up Migration
-- How files of one kind are read, said once: which column means what, in which zone, and by which header such a file is known again.
CREATE TABLE import_profiles (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  name text NOT NULL,
  kind text NOT NULL,
  mapping json NOT NULL,
  time_zone text,
  -- The header as written, as keys that spelling does not matter for, and the digest of those in their order.
  columns json NOT NULL,
  headings text[] NOT NULL,
  signature text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by uuid NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT import_profiles_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT import_profiles_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  CONSTRAINT import_profiles_kind_known CHECK (kind IN ('punches', 'days'))
);
-- Whoever says a name does not think of capitals. Compared by bytes, so that pages follow one order on every machine.
CREATE UNIQUE INDEX import_profiles_name_unique ON import_profiles (tenant_id, (lower(name) COLLATE "C"));
CREATE INDEX import_profiles_signature ON import_profiles (tenant_id, signature);

ALTER TABLE import_profiles ENABLE ROW LEVEL SECURITY;
ALTER TABLE import_profiles FORCE ROW LEVEL SECURITY;
CREATE POLICY import_profiles_own ON import_profiles TO rollcall_runtime USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
CREATE TRIGGER import_profiles_tenant_fixed BEFORE UPDATE ON import_profiles FOR EACH ROW
  WHEN (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id) EXECUTE FUNCTION refuse_change('a row keeps its tenant');
GRANT SELECT, DELETE,
  INSERT (tenant_id, name, kind, mapping, time_zone, columns, headings, signature, created_by),
  UPDATE (name, kind, mapping, time_zone, columns, headings, signature, version, updated_at) ON import_profiles TO rollcall_runtime;

-- Down Migration
DROP TABLE import_profiles;

-- Up Migration
-- An import that was told to override replaces what stood, and can be undone all the same: it keeps what it replaced.
ALTER TABLE import_batches ADD COLUMN updated_count bigint NOT NULL DEFAULT 0, ADD COLUMN conflict_count bigint NOT NULL DEFAULT 0;
GRANT UPDATE (updated_count, conflict_count) ON import_batches TO rollcall_runtime;

-- The pre-image of a punch that a batch superseded: it was active, pointed at nothing, and had this reason. A punch is superseded by a
-- batch, and not by a correction, while it points where this row says.
CREATE TABLE import_replaced (
  tenant_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  punch_id uuid NOT NULL,
  line bigint NOT NULL,
  superseded_by uuid NOT NULL,
  reason text,
  CONSTRAINT import_replaced_pkey PRIMARY KEY (tenant_id, batch_id, line, punch_id),
  CONSTRAINT import_replaced_batch_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES import_batches (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT import_replaced_punch_fkey FOREIGN KEY (tenant_id, punch_id) REFERENCES punches (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT import_replaced_by_fkey FOREIGN KEY (tenant_id, superseded_by) REFERENCES punches (tenant_id, id) ON DELETE RESTRICT
);
CREATE INDEX import_replaced_punch ON import_replaced (tenant_id, punch_id);

-- The days that an overriding batch has told of. A file may tell of one day in several rows, far apart: the first of them says what no
-- longer stands, and those of later chunks add to it.
CREATE TABLE import_days (
  tenant_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  employee_id uuid NOT NULL,
  work_date date NOT NULL,
  CONSTRAINT import_days_pkey PRIMARY KEY (tenant_id, batch_id, employee_id, work_date),
  CONSTRAINT import_days_batch_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES import_batches (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT import_days_employee_fkey FOREIGN KEY (tenant_id, employee_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['import_replaced', 'import_days'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY %I ON %I TO rollcall_runtime USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())', t || '_own', t);
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I FOR EACH ROW WHEN (OLD.tenant_id IS DISTINCT FROM NEW.tenant_id) EXECUTE FUNCTION refuse_change(''a row keeps its tenant'')', t || '_tenant_fixed', t);
    EXECUTE format('GRANT SELECT ON %I TO rollcall_runtime', t);
  END LOOP;
END $$;
GRANT INSERT (tenant_id, batch_id, punch_id, line, superseded_by, reason) ON import_replaced TO rollcall_runtime;
GRANT INSERT (tenant_id, batch_id, employee_id, work_date) ON import_days TO rollcall_runtime;

-- Down Migration
DROP TABLE import_days;
DROP TABLE import_replaced;
ALTER TABLE import_batches DROP COLUMN updated_count, DROP COLUMN conflict_count;

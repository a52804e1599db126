-- Up Migration
-- What decides about working time besides punches and shifts.

-- A version of the rules, from a date on; for one org unit or for all. Never changed once its date has come: a new version is a new row.
CREATE TABLE attendance_policies (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  name text NOT NULL,
  org_unit_id uuid,
  effective_from date NOT NULL,
  settings jsonb NOT NULL,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  created_by uuid NOT NULL,
  CONSTRAINT attendance_policies_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT attendance_policies_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  CONSTRAINT attendance_policies_date_unique UNIQUE NULLS NOT DISTINCT (tenant_id, org_unit_id, effective_from)
);
SELECT protect_tenant_table('attendance_policies', $$
  INSERT (tenant_id, id, name, org_unit_id, effective_from, settings, created_by),
  UPDATE (name, settings, version, updated_at),
  DELETE$$);

-- Public holidays, for all or for one org unit (a site in another country).
CREATE TABLE holidays (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  work_date date NOT NULL,
  name text NOT NULL,
  org_unit_id uuid,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT holidays_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT holidays_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
  CONSTRAINT holidays_date_unique UNIQUE NULLS NOT DISTINCT (tenant_id, work_date, org_unit_id)
);
SELECT protect_tenant_table('holidays', $$
  INSERT (tenant_id, id, work_date, name, org_unit_id),
  UPDATE (work_date, name, org_unit_id, version, updated_at),
  DELETE$$);
SELECT keep_closed_days('holidays');
-- A holiday may be moved to another date. Where it goes to must be as open as where it was.
CREATE TRIGGER holidays_closed_moved AFTER UPDATE ON holidays REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_days();

-- Leave of a person on a date: all of it, or from an instant to another.
CREATE TABLE leave_entries (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT new_id(),
  employee_id uuid NOT NULL,
  work_date date NOT NULL,
  code text NOT NULL,
  starts_at timestamptz,
  ends_at timestamptz,
  note text,
  -- When the date has begun everywhere and the day has to be looked at although nobody punched; null once it was.
  due_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by uuid NOT NULL,
  CONSTRAINT leave_entries_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT leave_entries_employee_fkey FOREIGN KEY (tenant_id, employee_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT,
  CONSTRAINT leave_entries_hours_ordered CHECK ((starts_at IS NULL) = (ends_at IS NULL) AND ends_at > starts_at)
);
CREATE INDEX leave_entries_of ON leave_entries (tenant_id, employee_id, work_date);
CREATE INDEX leave_entries_listing ON leave_entries (tenant_id, work_date, id);
CREATE INDEX leave_entries_due ON leave_entries (due_at) WHERE due_at IS NOT NULL;
SELECT protect_tenant_table('leave_entries', $$
  INSERT (tenant_id, id, employee_id, work_date, code, starts_at, ends_at, note, created_by), DELETE$$);
SELECT keep_closed_days('leave_entries');
CREATE POLICY leave_entries_clock ON leave_entries TO rollcall_directory USING (true) WITH CHECK (true);
GRANT SELECT (tenant_id, employee_id, work_date, due_at), UPDATE (due_at) ON leave_entries TO rollcall_directory;
CREATE TRIGGER leave_entries_made AFTER INSERT ON leave_entries REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION employee_days_changed();
CREATE TRIGGER leave_entries_gone AFTER DELETE ON leave_entries REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION employee_days_changed();

CREATE FUNCTION set_leave_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.due_at := (NEW.work_date::timestamp AT TIME ZONE 'UTC') + interval '12 hours';
  RETURN NEW;
END $$;
CREATE TRIGGER leave_entries_due_set BEFORE INSERT ON leave_entries FOR EACH ROW EXECUTE FUNCTION set_leave_due();

-- Down Migration
DROP TABLE leave_entries;
DROP FUNCTION set_leave_due();
DROP TABLE holidays;
DROP TABLE attendance_policies;
